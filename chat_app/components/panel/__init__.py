"""What the agent works on: its plan and files, and the panel beside the conversation."""

from chat_app.components.assets import linked

JS = linked(__file__)
