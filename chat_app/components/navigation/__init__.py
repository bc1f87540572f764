"""Navigation: the sidebar with the threads, the header, links."""

from chat_app.components.assets import linked

JS = linked(__file__)
