"""What agents send that is hard to show right: graphs for a real server, and Markdown texts.

`graphs/` has the graphs by topic, `scripts` what their model streams, `markdown/` the texts that
the graph `markdown` streams. `tests/browser/cases` plays them in the app.
"""
