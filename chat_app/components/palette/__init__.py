"""The command palette, the help of the keyboard shortcuts, and what the commands of the page do."""

from chat_app.components.assets import linked

JS = linked(__file__)
