"""Notices of lost connections: to the app, to the agent server, to the stream of a run."""

from chat_app.components.assets import linked

JS = linked(__file__)
