"""Used by all other groups: icons, folded text, and the error boundary."""

from chat_app.components.assets import linked

JS = linked(__file__)
