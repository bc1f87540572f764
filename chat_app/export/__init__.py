"""A conversation as a file: Markdown, JSON that can be imported again, and one HTML page.

All of it is pure: a `document.Document` in, text out. Nothing here reads from a server, and nothing
in a file reads from anywhere.
"""
