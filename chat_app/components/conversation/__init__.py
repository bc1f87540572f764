"""The transcript and its rows, the scrolling column, and the page of a new chat."""

from chat_app.components.assets import linked

JS = linked(__file__)
