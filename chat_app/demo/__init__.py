"""An agent to talk to without a key, and the child process that serves it.

Two halves that meet only in `langgraph.json`:

- in the app: `server` starts `supervisor`, which runs LangGraph's development server
- in that child: `agent` is the graph; `tools` and `abilities` do real work; `model` speaks what
  `script` decides
"""
