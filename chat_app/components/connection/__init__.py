"""What is not reached at the moment: the app, the agent server, the stream of a run."""

from chat_app.components.assets import linked

JS = linked(__file__)
