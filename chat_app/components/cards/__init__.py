"""Cards in the conversation that a person answers: what the graph asks."""

from chat_app.components.assets import linked

JS = linked(__file__)
