"""What the agent does before it answers: thoughts, tool calls, agents that it calls."""

from chat_app.components.assets import linked

JS = linked(__file__)
