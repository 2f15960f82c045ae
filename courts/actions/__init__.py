"""Actions (督导): what the rules propose, what courts are asked, what comes of it (四·2)."""
