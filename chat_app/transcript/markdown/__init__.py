"""How Markdown is read while it is still being written; `blocks`, `maths` and `repair` use it."""
