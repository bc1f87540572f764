"""Steps before an answer: reasoning, tool calls, calls of other agents."""

from chat_app.components.assets import linked

JS = linked(__file__)
