"""Markdown, rendered one block at a time: text, code, formulas, diagrams, images, links."""

from chat_app.components.assets import linked

JS = linked(__file__)
