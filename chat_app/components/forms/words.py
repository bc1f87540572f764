"""The labels of forms and cards, by their names in the JavaScript."""

from chat_app import text

FORM_WORDS = {
    "asking": text.ASKING,
    "waits": text.WAITS_FOR_YOU,
    "approve": text.APPROVE,
    "approveChanged": text.APPROVE_CHANGED,
    "approveAll": text.APPROVE_ALL,
    "edit": text.EDIT,
    "reject": text.REJECT,
    "respond": text.RESPOND,
    "ignore": text.IGNORE,
    "again": text.DECIDE_AGAIN,
    "else": text.ASK_ELSE,
    "elseMeans": text.ASK_ELSE_MEANS,
    "answerThis": text.ANSWER_THIS,
    "cancel": text.CANCEL,
    "continue": text.CONTINUE,
    "send": text.SEND_ANSWER,
    "sendAll": text.SEND_DECISIONS,
    "answer": text.ANSWER_HERE,
    "free": text.ANSWER_FREE_HERE,
    "asText": text.GOES_AS_TEXT,
    "asJson": text.GOES_AS_JSON,
    "reason": text.REASON_HERE,
    "reply": text.REPLY_HERE,
    "was": text.WAS,
    "nothing": text.NOT_SET,
    "needed": text.NEEDED,
    "notANumber": text.NOT_A_NUMBER,
    "yes": text.YES,
    "no": text.NO,
    "add": text.ADD_ITEM,
    "addTo": text.ADD_TO,
    "removeItem": text.REMOVE_ITEM,
    "item": text.ITEM,
    "asJsonToo": text.AS_JSON,
    "asFields": text.AS_FIELDS,
    "made": {
        "approve": text.MADE_APPROVED,
        "approveChanged": text.MADE_APPROVED_CHANGED,
        "reject": text.MADE_REJECTED,
        "respond": text.MADE_RESPONDED,
        "ignore": text.MADE_IGNORED,
    },
}

INPUT_WORDS = {
    **FORM_WORDS,
    "form": text.TEXT_INPUT,
    "noInput": text.NO_INPUT,
    "more": text.MORE_INPUT,
}
"""Of the form in the composer's place, and of the one beside the message."""

ASKING_WORDS = {
    "first": text.DECIDE_FIRST,
    "filesStay": text.FILES_STAY,
    "free": {"json": text.GOES_AS_JSON, "text": text.GOES_AS_TEXT},
    "does": {"respond": text.GOES_AS_REPLY, "reject": text.GOES_AS_REASON},
    "to": {
        "answer": text.ANSWER_TO,
        "choose": text.ANSWER_TO,
        "respond": text.REPLY_TO,
        "reject": text.REJECT_TO,
        "": text.DECIDE_ABOVE,
    },
}
"""Of the composer while the agent asks."""
