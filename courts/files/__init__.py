"""Owns files: what people bring in becomes tables of plain cells, lists become files to take away.

What reads bytes (`kinds`, `workbooks`, `old_formats`, `markup`, `texts`) knows no Django and runs
in a child process (`child`); `reading` starts it and turns faults into sentences.
"""
