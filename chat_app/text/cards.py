"""What the agent does: tool calls, sub-agents, plans, progress, and the look of single results."""

ARGUMENTS = "Arguments"
ARGUMENTS_EDITED = "Edited arguments"
RESULT = "Result"
DONE = "done"
RUNNING = "running"
NEEDS_YOU = "needs you"
CALL_FAILED = "failed"
CALL_REJECTED = "rejected"
CALL_UNANSWERED = "no result"
NO_ARGUMENTS = "none"
NO_OUTPUT = "The tool returned nothing."
KEPT = "The model's provider does not say what the result is."
ARTIFACT = "Artifact"
COPY_ARTIFACT = "Copy artifact"
ENDED_WITHOUT_RESULT = "The run was stopped or ended before this call had a result."
SHOW_ALL = "Show all"
COPY_ARGUMENTS = "Copy arguments"
COPY_RESULT = "Copy result"

AGENT = "Agent"
AGENT_NOT_KEPT = "The server saved nothing of what this agent did."
AGENT_READING = "Loading what it did…"
AGENT_CALL = "Arguments and result"
HANDED_OVER, HANDED_BACK = "Handed over to {agent}", "Handed back to {agent}"

PLAN = "Plan"
PROGRESS = "{done} of {of}"
ALL_DONE = "all done"
TODO_PENDING = "to do"
TODO_UNDERWAY = "in progress"
UNDER_WAY = "Progress"
AND_EARLIER = ("and", "earlier")
"""What stands before and behind the number of earlier events."""

WEATHER_SAMPLE = "sample data"
WEATHER_FEELS_LIKE = (", feels like ", "°")
WEATHER_WIND = ("wind ", " km/h")
WEATHER_HUMIDITY = ("humidity ", "%")
"""What stands before and behind a number."""
