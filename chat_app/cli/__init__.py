"""The agent server from a terminal: ``scripts/client``, ``python -m chat_app.client``.

It reads the settings of the app and prints what LangGraph's how-to prints. Neither Reflex nor a
browser is needed. The modules, top to bottom:

- `__main__`: the process: its exit code, whatever ends it
- `commands`: the command line, declared with click; what a command needs is imported when it runs
- `streaming`, `listing`: what the commands do
- `following`: the events of a run, printed to its end
- `server`: the client that the settings name, or that of the demo agent
- `interruption`: Ctrl-C, also while a write to a full pipe waits
- `output`: what is printed where, in colour or not; `printable`: nothing of a server's gets to a
  terminal that would steer it
- `exits`: the exit codes
"""
