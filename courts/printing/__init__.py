"""Papers as files to take away: a page, Word, PDF, all from one plain document."""
