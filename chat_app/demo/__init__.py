"""An agent to talk to without a key, and the child process that serves it.

- `agent`: the graph, which `langgraph.json` names
- `tools/`, `abilities/`: what the agent can do, for a real model as for the scripted one
- `scripted/`, `script`: the model that answers where no other is configured, and what it decides
- `serving/`: starts LangGraph's development server with the graph, in the app's process
"""
