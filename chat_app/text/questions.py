"""Questions of the agent: approvals, forms, and what was answered."""

ASKING = "The agent asks you"
ASK_APPROVAL = "{name}?"
WAITS_FOR_YOU = "The agent waits for your decision before it runs"
AGENT_PAUSED = "The agent paused"
AGENT_PAUSED_MEANS = "It reached a breakpoint, and continues when you tell it to."
APPROVE, APPROVE_CHANGED, APPROVE_ALL = "Approve", "Approve with changes", "Approve all"
REJECT, RESPOND = "Reject", "Reply instead"
IGNORE, CONTINUE, CANCEL = "Ignore", "Continue", "Cancel"
DECIDE_AGAIN = "Change"
ASK_ELSE = "Ask something else instead"
ASK_ELSE_MEANS = "Closes what the agent asks, without an answer."
LEFT = "Asked something else instead"
DECIDE_FIRST = "Decide above first"
ANSWER_TO = "Answer: {question}"
REPLY_TO = "Reply: {question}"
REJECT_TO = "Reject with a reason: {question}"
DECIDE_ABOVE = "Decide above: {question}"
"""The placeholder and name of the composer, by what Enter does there."""
GOES_AS_REPLY = "This replies to the agent, and {name} does not run."
GOES_AS_REASON = "This rejects {name}, with your text as the reason."
FILES_STAY = "An answer has no files: they stay here for your next message."
FORM_SENT = "Sent"
ANSWER_THIS = "Answer this question"
MADE_APPROVED, MADE_APPROVED_CHANGED = "Approved", "Approved with changes"
MADE_REJECTED, MADE_RESPONDED, MADE_IGNORED = "Rejected", "Replied instead", "Ignored"
SEND_ANSWER, SEND_DECISIONS = "Send answer", "Send decisions"
ANSWER_HERE = "Your answer"
ANSWER_FREE_HERE = "Your answer: text or JSON"
GOES_AS_TEXT, GOES_AS_JSON = "sent as text", "sent as JSON"
REASON_HERE = "Reason, for the agent (optional)"
REPLY_HERE = "Reply to the agent, in place of a result"
CTRL_ENTER, COMMAND_ENTER = "Ctrl ⏎", "⌘ ⏎"
"""Keys, as they are shown on buttons: on most keyboards, and on those of Apple."""
WAS, NOT_SET = "was", "not set"
YES, NO = "yes", "no"

APPROVED = "Approved {name}"
APPROVED_EDITED = "Approved {name}, {names} edited"
REJECTED, REJECTED_BECAUSE = "Rejected {name}", "Rejected {name}: {message}"
RESPONDED = "Replied instead of {name}: {message}"
IGNORED = "Ignored {name}"
ANSWERED = "Answered: {answer}"
CONTINUED = "Continued"
ANSWERED_ALREADY = "This was already answered, here or in another window."

NEEDED = "An answer is required."
NO_ANSWER = "This does not answer the question."
NOT_ALLOWED = "This decision is not allowed here."
NOT_ALL_DECIDED = "Each action needs a decision."
NOT_A_NUMBER = "Enter a number."
NOT_WHOLE = "Enter a whole number."
NOT_A_CHOICE = "Choose one of the options."
NOT_JSON = "This is not valid JSON: {why}."
NOT_AN_OBJECT = "Enter a JSON object: names and values in braces."
NOT_OF_FORMAT = {
    "date": "Enter a date, such as 2026-01-31.",
    "date-time": "Enter a date and time, such as 2026-01-31T09:30:00Z.",
    "time": "Enter a time, such as 09:30:00.",
    "email": "Enter an email address.",
    "uri": "Enter a web address, such as https://example.com.",
}
NOT_OF_TYPE = {
    "integer": NOT_WHOLE,
    "number": NOT_A_NUMBER,
    "object": NOT_AN_OBJECT,
    "string": "Enter a text.",
    "array": "Enter a list.",
    "boolean": "Enter true or false.",
}
NOT_OF_SCHEMA = {
    "additionalProperties": "There is no field {unexpected}.",
    "const": "The value must be {expected_value}.",
    "enum": NOT_A_CHOICE,
    "exclusiveMaximum": "{value} is not less than {limit}.",
    "exclusiveMinimum": "{value} is not more than {limit}.",
    "falseSchema": "This value is not allowed.",
    "maximum": "{value} is more than the maximum of {limit}.",
    "maxItems": "These are more than {limit} items.",
    "maxLength": "This is longer than {limit} characters.",
    "minimum": "{value} is less than the minimum of {limit}.",
    "minItems": "These are less than {limit} items.",
    "minLength": "This is shorter than {limit} characters.",
    "multipleOf": "{value} is not a multiple of {multiple_of}.",
    "pattern": "This does not match the pattern {pattern}",
    "uniqueItems": "Each item must be different from the others.",
}
"""By the keywords of JSON Schema."""
LOOK_AGAIN = "Not sent yet. Correct the marked fields."
ADD_ITEM = "Add"
ADD_TO, REMOVE_ITEM = "Add to {name}", "Remove {number} from {name}"
ITEM = "{name}, {number}"
AS_JSON, AS_FIELDS = "Edit as JSON", "Back to fields"
