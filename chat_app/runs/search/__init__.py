"""Search over a person's threads: an index in a file, kept up to date in the background.

==============  ============================================================================
module          what is in it
==============  ============================================================================
`folding`       one spelling for what is searched as the same: case, accents, widths
`query`         what a person typed as terms, and where a text has them
`index`         the index: SQLite with FTS5, a path as an argument
`files`         the files of all people: where they are, and how much they may take
`texts`         the text of a thread that can be found
`indexer`       keeps one person's index up to date, and answers queries
==============  ============================================================================
"""
