"""What an assistant is sent that makes titles of chats."""

TITLE_REQUEST = (
    "Write a title of at most six words for the conversation below, in its language. Answer with "
    "the title alone.\n\n<question>\n{question}\n</question>\n\n<answer>\n{answer}\n</answer>"
)
