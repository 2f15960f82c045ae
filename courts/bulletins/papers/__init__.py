"""Papers: one plain document, and the files that are made of it. No Django.

`document` is what a bulletin says, `plain_data` turns it into JSON and back. Every other module
renders a document or reads one back, and adds no word to it.
"""
