"""What went wrong: a run, a request to the agent server, the connection to it."""

RETRY = "Try again"
DETAILS = "Details"

RUN_FAILED = "The agent ran into an error while answering."
RUN_LOST = "The connection to this run was lost, and the server no longer knows how it ended."
ASKED_TOO_OFTEN = "The model gets too many requests right now. Try again in a moment."
ASKED_TOO_OFTEN_FOR = "The model gets too many requests right now. Try again in {pause}."
TOO_MANY_STEPS = "The run reached its limit of steps. Try again, and it continues from there."
KEY_REFUSED = (
    "The agent may not use its model: the API key is missing, wrong or not allowed to. "
    "The operator of the agent has to fix this."
)
OUT_OF_CREDIT = (
    "The agent's credit or quota with the provider of its model is used up. "
    "The operator of the agent has to fix this."
)
OVERLOADED = "The model is overloaded or unavailable right now. Try again in a moment."
TOOK_TOO_LONG = "The agent did not get an answer in time. Try again."
TOO_LONG_FOR_MODEL = "This conversation is too long for the model. Start a new chat."
FILTERED = "The model's content filter stopped this answer. Rephrase the question."
NOT_ACCEPTED = (
    "The agent or its model rejected its input. The details may help the operator of the agent."
)
OUT_OF_MEMORY = "The agent crashed while answering, most likely out of memory. Try again."
NO_CONNECTION = "The agent could not reach a service that it needs. Try again in a moment."
ENDED_BY_SERVER = "The server ended this run before the answer was complete. Try again."

REQUEST_FAILED = "The agent server could not do this."
UNREACHABLE = "The agent server cannot be reached."
SERVER_MISSING = "The agent server at {address} cannot be reached."
NEXT_TRY = "Next try in {seconds} s."
TRY_NOW = "Try now"
UNREACHABLE_CAUSES = {
    "unknown_host": "Unknown host: {host}",
    "refused": "Connection refused: {host}",
    "certificate": "Certificate not accepted: {why}",
    "tls": "TLS failed. Is the server's address https?",
    "connect_timeout": "Timeout while connecting",
    "read_timeout": "Timeout while waiting for the response",
    "write_timeout": "Timeout while sending the request",
    "reset": "Connection reset",
    "closed_before": "Connection closed before the response",
    "closed_within": "Connection closed in the middle of the response",
    "head_too_large": "The headers of the response are too large.",
    "not_http": "The response is not HTTP/1.1.",
    "bad_compression": "The compressed response cannot be read.",
    "stream_ended": "The stream ended before the run did.",
    "client_closed": "The app is shutting down.",
}
"""By the values of `chat_app.client.errors.Cause`."""
NOT_LANGGRAPH = "The address answers, but not as a LangGraph server."
REDIRECTS_TO = "It redirects to {address}"
RUN_RAISED = "The run failed."
BAD_REQUEST = "The agent server rejected the request."
ACCESS_REFUSED = "The agent server refused access: check the API key."
PERSON_UNKNOWN = "The agent server does not accept your login. Sign out, and sign in again."
PERSON_REFUSED = "The agent server does not allow you to do this."
NOT_FOUND = "The agent server cannot find this."
UNSUPPORTED = "The agent server does not support this."
THREAD_CONFLICT = "This chat is busy or has changed. Wait for its run to end, or stop it."
REQUEST_TOO_LARGE = "The message is too large for the agent server."
INVALID_REQUEST = "The agent server found an invalid value in the request."
RATE_LIMITED = "The agent server gets too many requests. Try again in a moment."
RATE_LIMITED_FOR = "The agent server gets too many requests. Try again in {pause}."
SERVER_FAILED = "The agent server failed. Try again."

OVER_MESSAGES = (
    "You have sent as many messages today as one person may ({most}). You can go on in {wait}."
)
OVER_TOKENS = (
    "The agent has used {most} tokens for you today, as many as one person may use. "
    "You can go on in {wait}."
)
BUDGET_UNKNOWN = (
    "How much you have used today is not known at the moment, so nothing was sent. Wait a little, "
    "then send it again."
)
OVER_RUNS = (
    "The number of your chats that can be answered at the same time is {most}. "
    "Wait until one is answered, or stop it."
)

DEMO_FAILED = "The demo agent did not start."
NO_ASSISTANT = (
    "The agent server lists no assistant. "
    "Set CHAT_ASSISTANT to the id of one, or to the name of its graph."
)
ASSISTANTS_FORBIDDEN = (
    "The agent server does not allow its assistants to be listed. Check the API key, "
    "or set CHAT_ASSISTANT to the id of an assistant or the name of its graph."
)
UNKNOWN_ASSISTANT = "The assistant “{name}” does not exist on the server. It offers: {known}."

AGENT_LOST = "Connection to the agent lost."
AGAIN_IN = "Trying again in {seconds} s"
AGAIN = "Trying again…"
