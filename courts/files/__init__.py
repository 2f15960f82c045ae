"""One way in for files: bytes become tables of plain cells, or a fault that names the file's kind.

What reads bytes (`kinds`, `workbooks`, `old_formats`, `markup`, `texts`) knows no Django and runs
in a child process (`child`); `reading` starts it and turns faults into sentences.
"""
