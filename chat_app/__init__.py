"""chat_app: a browser chat for LangGraph servers.

The packages, top to bottom; each layer imports only from those below it:

- `chat_app.chat_app`: builds the app: pages, lifespan, nothing else
- `cli/`: the agent server from a terminal, beside the app and without Reflex
- `pages/`: route, title, what to load, composition
- `routes/`: plain HTTP beside the page: what people attach, what messages carry, exports, shared
  chats, the sign-in
- `middleware/`: what each request passes first: its login, its rate, its origin
- `renderers/`: how the results of single tools look
- `components/`: how things look: functions from vars to components, a folder for each part of the
  page
- `state/`: what the browser is told: one Reflex state per file, thin handlers
- `export/`: a conversation as a file: Markdown, JSON, one HTML page; pure
- `auth/`: who it is, and what they may do
- `runs/`: one session per thread for all of its tabs (`session`); what happens next is computed by
  `machine/`, pure, from a conversation and an event, and done by `effects`; beside it versions
  (`branching`), the inbox, schedules, ratings, and the list of threads (`threads/`)
- `runs/search/`: the index of a person's messages, an SQLite file of each
- `timeline/`: what happened in a run, and how a graph looks, for the inspector; pure
- `transcript/`: what the reader sees, as a value: events in, transcript out; pure
- `client/`: the wire of a LangGraph server: httpx and server-sent events; knows no Reflex
- `shared_store/`: what the processes of several hosts share, in Redis; `spool/`: attachments that
  are not sent yet; `thread_notices/` and `processes`: what processes tell each other; `draining`:
  how one of them ends
- `shortcuts`: every command with its keys, one table
- `config`, `text`, `theme`: settings, words and tokens, one table each
- `observability/`: what operators see: health, metrics, logs as JSON, traces
- `built_page/`, `event_socket`, `updates`: Reflex's page and socket, made quicker and surer
- `demo/`: an agent to talk to without a key, and the child process that serves it

A token's way: `client.runs` decodes it, `runs.mailbox` waits 40 ms for its neighbours,
`transcript.fold` adds them to the transcript, `runs.session` publishes it to each tab of the
thread, `state.painter` cuts it into rows and an open tail, `state.transcript` sends what changed,
`components.conversation` draws one memoised block.
"""
