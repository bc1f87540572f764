"""The transcript and its rows, the column that scrolls, and the page of a new chat."""

from chat_app.components.assets import linked

JS = linked(__file__)
