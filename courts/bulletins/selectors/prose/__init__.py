"""What a bulletin says: blocks of prose with live numbers, tables and annexes, from one snapshot.

Every number comes from the snapshot and is put down in a ledger, with where it comes from. Words
are in the language that is active, names in that of the month; causes are never made up.
"""
