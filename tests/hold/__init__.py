"""What the system has to hold against, in numbers: `make hold`; with every change a sample.

Each trial has its negative control: the same trial with the protection off, which must do harm.
"""
