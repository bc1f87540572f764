"""The Timeline tab of the inspector."""

from chat_app.text.cards import CALL_FAILED, DONE, RUNNING

TIMELINE_FAILED = "The app could not read this run. It tries again."
TIMELINE_GONE = "This run is not there any more."
TIMELINE_NOTHING = "The server keeps no steps of this run."
TIMELINE_CUT = "The beginning or the end of this run was not recorded."
TIMELINE_ROWS = "Steps of the run"
TIMELINE_NAME = "Step"
TIMELINE_DURATION = "Duration"
TIMELINE_TOKENS = "Tokens"
TIMELINE_STEP = "step"
TIMELINE_STEP_NUMBER = "Superstep"
TIMELINE_STATES = {
    "pending": "pending",
    "running": RUNNING,
    "done": DONE,
    "failed": CALL_FAILED,
    "interrupted": "interrupted",
    "cached": "cached",
}
TIMELINE_TOOK = "{amount} {unit}"
TIMELINE_ABOUT = "about "
TIMELINE_ATTEMPTS = ("{count} attempt", "{count} attempts")
TIMELINE_TIMES = "{count} \N{MULTIPLICATION SIGN}"
TIMELINE_RETRIED = "tried again"
TIMELINE_TOKENS_IN_WORDS = ("{count} token", "{count} tokens")
TIMELINE_WAITS = ("{count} answer awaited", "{count} answers awaited")
TIMELINE_IN_AND_OUT = "{input} in, {output} out"
TIMELINE_NAMESPACE = "Subgraphs around it"
TIMELINE_COST = "${cost}"
TIMELINE_BETWEEN = " · "
TIMELINE_RUN, TIMELINE_PICK = "Run ID", "Shown run"
TIMELINE_NEWEST = "Newest run"
TIMELINE_COPY_RUN = "Copy the id of the run"
TIMELINE_TRACE = "Trace"
TIMELINE_DROPPED = ("{count} older step is not kept.", "{count} older steps are not kept.")
TIMELINE_MORE = "Metadata and config"
TIMELINE_DETAILS = "Details of {name}"
TIMELINE_STATE = "Status"
TIMELINE_BEGAN = "Started after"
TIMELINE_TRIES = "Attempts"
TIMELINE_COSTS = "Cost"
TIMELINE_ELIDED = "Its input and update are not kept, because the run has so many."
TIMELINE_INTERRUPTS = "Interrupts"
TIMELINE_INPUT = "Input"
TIMELINE_UPDATE = "Update"
TIMELINE_USAGE = "Tokens by model"
TIMELINE_CHECKPOINT = "Checkpoint"
