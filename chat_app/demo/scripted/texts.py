"""What the scripted model says, word for word."""

from __future__ import annotations

import re

GREETING = """\
Hello! No language model is connected, so I am a script with real tools. Ask me for instance:

- `whats the weather in la`
- `email Ada about lunch on Thursday`
- `research Lisbon and Tokyo`
- `rank the ten warmest cities`
- `show me what you can render`
"""

HELP = """\
No language model is connected: this is the scripted demo, and it cannot answer that. \
Its tools and the server behind it are real, though. Try one of these:

| Ask | and watch |
| --- | --- |
| `whats the weather in la` | a tool call and its result |
| `compare paris and tokyo` | reasoning, then two calls side by side |
| `email Ada about lunch on Thursday` | an approval: send it, change it, refuse it or answer |
| `plan a weekend away` | a question back to you |
| `research Lisbon and Tokyo` | two sub-agents, a plan and files |
| `rank the ten warmest cities` | live progress, then a chart |
| `order a pizza` | a form that the agent puts on the page |
| `describe a picture` | what an image that you attach looks like, from its bytes |
| `what time is it in New York` | a clock |
| `what is 15% of 1,080` | a calculator |
| `count the words in …` | arguments as they are written |
| `wait 5 seconds` | a tool at work, and how to stop it |
| `show me your tools` | calls side by side, one of them failing: a table, an image, a long result |
| `show me what you can render` | headings, tables, code, maths, diagrams |
| `write 500 tokens` | a long answer, as it streams |
| `fail` | an error in the middle of an answer |

For a real model, start the app with `CHAT_DEMO_MODEL=provider:model` and the provider's key in \
the environment.
"""

WHICH_CITY = "Which city? Name one, or several to compare: `weather in Paris and Tokyo`."

BEFORE_FAILURE = "Here is the beginning of an answer that will not reach its end, because"
FAILURE = "The demo agent failed on purpose, because the question asked it to."

ANNOUNCE_ONE = {
    "weather": "Let me look up the weather in {}.",
    "clock": "Let me look at the clock for {}.",
    "calculator": "Let me work out {}.",
    "count_words": "Let me count.",
    "timer": "I will wait for {:g} seconds.",
}
ANNOUNCE_SAME = "I will look these up side by side."
ANNOUNCE_SEVERAL = "That takes more than one tool, so I will use them side by side."

TOUR_BEGINS = "Three at once first; the sum cannot be worked out, which shows how a failure looks."
TOUR_GOES_ON = "Next a table, a long list and a drawing."
TOUR_ENDS = """\
Each call is one line; open it for its arguments and its result:

- `weather` draws a card of its own, `cities` is a table, `chart` an image;
- `time_zones` returned more than fits: the beginning is there, the rest on demand;
- `calculator` failed, because one cannot divide by zero.
"""

PLAN_OPENING = "What is asked can be looked up rather than guessed."
PLAN_END = "Then I can put the results next to each other."

REASONING = """\
I am asked to think, so first: what do I have? A script, some tools and no language model. \
Nothing in the question needs a tool. An honest answer therefore shows what thinking looks like \
here and does not pretend to more than that."""

AFTER_REASONING = """\
Above is my reasoning; it stays folded once the answer begins. A connected model would reason \
about your question; this script only shows where that appears. \
Try `think about it: is it warmer in Oslo or Rome?`
"""

_HEADINGS = """\
## What this chat renders

Text can be **bold**, *italic*, ~~struck~~ or `code`, and can hold \
[links](https://docs.langchain.com/langgraph).
"""

_LIST = """\
### Lists

1. A run starts
2. Events arrive
   - messages, token by token
   - tool calls with their results
3. The thread is saved

- [x] stream an answer
- [x] show a tool call
- [ ] connect a model
"""

_TABLE = """\
### A table

| Event | Carries | How often |
| --- | --- | ---: |
| `metadata` | the run's id | 1 |
| `messages` | a piece of a message | 1 per token |
| `updates` | what a node returned | 1 per step |
| `values` | the whole state | 1 per step |
"""

_CODE = '''\
### Code

```python
from collections.abc import Iterator


def fibonacci() -> Iterator[int]:
    """Every Fibonacci number, one at a time."""
    current, following = 0, 1
    while True:
        yield current
        current, following = following, current + following
```

```json
{"city": "Los Angeles", "temperature_c": 22.7, "sky": "clear sky"}
```
'''

_QUOTE = """\
### A quote

> The purpose of computing is insight, not numbers.
>
> Richard Hamming
"""

_MATHS = r"""### Maths

Inline, as in $e^{i\pi} + 1 = 0$, and on a line of its own:

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}
$$
"""

_DIAGRAM = """\
### A diagram

```mermaid
flowchart LR
  question([A question]) --> model{The model}
  model -- calls --> tool[A tool]
  tool -- result --> model
  model --> answer([An answer])
```

A formula or a diagram loads what draws it only when one appears.[^lazy]

[^lazy]: So the first page stays small.
"""

_SAMPLES = {
    r"\btables?\b": _TABLE,
    r"\b(code|python|snippet|program)\b": _CODE,
    r"\b(task |to-?do |bullet )?lists?\b": _LIST,
    r"\b(maths?|formulas?|equations?|latex|katex)\b": _MATHS,
    r"\b(quote|quotation)\b": _QUOTE,
    r"\b(diagram|mermaid|flow ?chart)s?\b": _DIAGRAM,
}
_ALL = (_HEADINGS, _LIST, _TABLE, _CODE, _QUOTE, _MATHS, _DIAGRAM)
_EVERYTHING = re.compile(r"\b(render|markdown|format(ting)?|show me what you can)\b", re.IGNORECASE)


def sample(question: str) -> str:
    """The markdown samples asked for, all of them for "what you can render"; empty if none is."""
    if _EVERYTHING.search(question):
        return "\n".join(_ALL)
    wanted = [
        text
        for pattern, text in _SAMPLES.items()
        if re.search(pattern, question, flags=re.IGNORECASE)
    ]
    return "\n".join(wanted)


LONG = """\
## How a token travels

A language model does not write an answer and then send it. It decides on one token, and that \
token can leave at once, while the next is still being decided. What follows is the way it goes, \
told slowly, because the point of this text is to be long.

### From the model to the server

The graph runs inside a server. Each node of the graph is a function from state to a change of \
state, and one of those functions asks a model. The model's library hands every piece to a \
callback, and the server turns it into an event with a name and a line of JSON:

```text
event: messages
data: [{"type": "AIMessageChunk", "content": "tok"}, {"langgraph_node": "model"}]
```

Nothing is kept back for the sake of a tidier message. A word may arrive in three parts, a table \
row in twelve, and the arguments of a tool call one brace at a time.

### From the server to the app

The events travel as one long response that stays open until the run ends. A connection can break \
in the middle, and a silent end looks just like a finished answer. So whoever reads the stream has \
three duties:

1. to remember which event came last,
2. to ask the server how the run ended, rather than to guess,
3. to accept the saved state as the truth, and to mend what was heard with what was kept.

### From the app to the reader

Fifty tokens a second are more than a screen needs and more than a reader can follow. Tokens that \
arrive close together are therefore shown together. What is finished, such as a paragraph, a list \
or a block of code, is painted once and left alone; only the last lines change.

> A good stream is quiet: the text grows at the end, and nothing above it moves.

That holds for this answer, too. If you scrolled up to read its beginning again, the page should \
not pull you back down; and if you stayed at the end, it should keep the newest line in view.

"""
