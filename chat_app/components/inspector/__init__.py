"""The inspector beside the conversation: what happened in the runs of the chat, step by step."""

from chat_app.components.assets import linked

JS = linked(__file__)
