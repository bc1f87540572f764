"""The plan and the files of the agent, and the panel beside the conversation."""

from chat_app.components.assets import linked

JS = linked(__file__)
