"""Attachments: the button, drag and drop, pasting, and the chips above the text box.

They are rendered by the composer's `Draft`, which sends them together with the text.
"""

from __future__ import annotations

from typing import Any

from chat_app import text
from chat_app.state.attachments import AttachmentsState

_WORDS = {
    "attach": text.ATTACH,
    "attached": text.ATTACHED,
    "drop": text.ATTACH_BY_DROP,
    "none": text.FILES_NONE,
    "uploading": text.UPLOADING,
    "failed": text.UPLOAD_FAILED,
    "again": text.RETRY,
    "remove": text.REMOVE_FILE,
    "tooLarge": text.FILE_TOO_LARGE,
    "tooMany": text.FILES_TOO_MANY,
    "leftOut": text.FILES_LEFT_OUT,
    "nothingLeft": text.FILES_NOTHING_LEFT,
    "sizes": text.SIZES,
    "image": text.AN_IMAGE,
    "audio": text.A_SOUND,
    "video": text.A_VIDEO,
    "file": text.A_FILE,
}


def attaching(more: dict[str, Any]) -> dict[str, Any]:
    """Return the props of `Draft` for attachments; `more` are further labels that it needs."""
    return {
        "chips": AttachmentsState.chips,
        "chips_known": AttachmentsState.is_known,
        "most": AttachmentsState.most,
        "most_bytes": AttachmentsState.most_bytes,
        "types": AttachmentsState.types,
        "words": more | _WORDS,
        "on_look": AttachmentsState.look,
        "on_remove": AttachmentsState.remove,
    }
