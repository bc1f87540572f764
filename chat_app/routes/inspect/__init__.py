"""``GET /_inspect/{sealed}/…``: what the inspector's tabs ask for while they are visible.

The address is sealed for one person and one thread (see `chat_app.state.inspector.addresses`), and
each request is checked again: the login, the setting of who may inspect, and whether the person may
use the thread. To any other there is nothing. A request that cannot be understood gets 400.

===================== ====================================================================
path                  answer
===================== ====================================================================
``events``            rows of the events of a run: `events.listed`
``events/{number}``   the data of one event: `events.whole`
``events.jsonl``      a download of all of them: `events.download`
``graph``             the assistant's graph: `graphs.drawn`
``state``             the values of a checkpoint: `states.state`
``history``           the checkpoints of the thread: `states.history`
``difference``        what became of one checkpoint's values in another: `states.differences`
``spans``             the rows of the timeline that have changed: `spans.changed`
``spans/{span}``      all that is kept of one of them: `spans.whole`
===================== ====================================================================
"""
