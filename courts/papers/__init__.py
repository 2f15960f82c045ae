"""Owns papers as plain documents: wording, Word, PDF, and the numbers read back out of them.

`document` is what a bulletin says, `plain_data` turns it into JSON and back. Every other module
renders a document or reads one back, and adds no word to it.
"""
