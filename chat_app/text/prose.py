"""Inside answers: code, tables, images, diagrams, JSON."""

TOO_LARGE_TO_DRAW = "Shown as plain text: it is too long or too deeply nested."
NOT_DRAWN = "This could not be drawn, so its source is shown."
TABLE = "Table"
COPY_CODE = "Copy code"
WRAP_LINES = "Wrap lines"
BACK_TO_TEXT = "Back to text"

DIAGRAM = "Diagram"
DIAGRAM_TOO_LARGE = "This diagram is too large to be drawn."
DIAGRAM_TIMEOUT = "This diagram took too long to draw."
DIAGRAM_INVALID = "This diagram cannot be drawn."
SHOW_SOURCE, SHOW_DIAGRAM = "Show source", "Show diagram"
DOWNLOAD_SVG = "Download SVG"

IMAGE_UNAVAILABLE = "Image not available"
IMAGE_FROM = "Image from {host}"
IMAGE_FAILED = "This image could not be loaded"
SHOW_IMAGE = "Show"
ALWAYS_FROM_HOST = "Always from this host"
OPEN_IMAGE = "Open image"

COUNTS = {
    "item": ("{count} item", "{count} items"),
    "key": ("{count} key", "{count} keys"),
    "row": ("{count} row", "{count} rows"),
    "character": ("{count} character", "{count} characters"),
}
"""One, and any other number."""
SHOW_ALL_OF = "Show all {amount}"
"""`amount` is one of `COUNTS`, filled in."""
