"""Cards in the conversation: the questions of a graph (interrupts), to be answered."""

from chat_app.components.assets import linked

JS = linked(__file__)
