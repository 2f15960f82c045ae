"""Who is assessed, what they report, who decides: rows become facts, `scoring` answers."""
