"""Where a person goes after signing in: a page of this app, and never anywhere else."""

from __future__ import annotations

import re

_LONGEST = 2000
_SEGMENT = r"[A-Za-z0-9~-][A-Za-z0-9._~-]*"
"""The first character is none of ``._``: no ``..``, and no address of the app's own machinery."""
_QUERY = r"[A-Za-z0-9._~!$'()*+,;:@/?%&=-]*"
_PATH = re.compile(rf"/(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?(?:\?{_QUERY})?", re.ASCII)
_OF_THE_SIGN_IN = ("/sign-in", "/sign-out")


def local_path(wanted: object) -> str:
    r"""`wanted` where it is a path of the app's pages, with a query or without; else ``/``.

    A browser reads ``//host``, ``/\host`` and control characters within as another address, and a
    proxy may decode what is encoded: all of these are not in this grammar.
    """
    if not isinstance(wanted, str) or len(wanted) > _LONGEST or not _PATH.fullmatch(wanted):
        return "/"
    return "/" if wanted.startswith(_OF_THE_SIGN_IN) else wanted
