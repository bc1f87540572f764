"""Feedback on a run at LangSmith, by an address that the agent server signs for it.

A server that traces there (it says so in ``/info``) is given `KEY` with each run, and sends at the
end of the run's stream an event ``feedback`` with an address. Everyone who has it may give feedback
for some hours, without a key. So it stays here, and in the server's store under
``("chat_rating_addresses", THREAD)``, by the run, for when the app is started again.

A server whose key may not do that lets runs fail that ask for it. Then it is not asked again.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import httpx

from chat_app.client import LangGraphError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import RunOptions

_log = logging.getLogger("chat_app.runs")

KEY = "user_score"
"""Under which LangSmith has the feedback."""
NAMESPACE = "chat_rating_addresses"
_LASTS = 3 * 60
"""Minutes that such an address is good for."""
_LONGEST = 2_000
_MOST_MESSAGES = 200
_MOST_RUNS = 100
_WITHIN = 10.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

_wanted: WeakSet[LangGraphClient] = WeakSet()
_tracing: WeakSet[LangGraphClient] = WeakSet()


def want(client: LangGraphClient, *, is_certain: bool = False) -> None:
    """Ask a server for addresses: if it is not `is_certain` that it has any, once it says so."""
    _wanted.add(client.root)
    if is_certain:
        _tracing.add(client.root)


def learn(client: LangGraphClient, info: Mapping[str, Any]) -> None:
    """Take what a server says of itself."""
    flags = info.get("flags")
    if client.root in _wanted and isinstance(flags, dict) and flags.get("langsmith") is True:
        _tracing.add(client.root)


def is_used(client: LangGraphClient) -> bool:
    """Whether a server is asked for addresses."""
    return client.root in _tracing


def options(client: LangGraphClient) -> RunOptions:
    """What a new run is given for it."""
    return {"feedback_keys": [KEY]} if is_used(client) else {}


def see_error(client: LangGraphClient, error: str) -> None:
    """A run has failed with an error of this name: maybe because an address was asked for."""
    if error.startswith("LangSmith") and is_used(client):
        _log.warning("no more feedback is asked for at LangSmith: a run failed with %s", error)
        _tracing.discard(client.root)


def address_in(data: Any) -> str:
    """The address in an event ``feedback``; empty where there is none."""
    address = data.get(KEY) if isinstance(data, dict) else None
    return address if isinstance(address, str) and len(address) <= _LONGEST else ""


async def keep(
    client: LangGraphClient, thread_id: str, run_id: str, address: str, messages: Sequence[str]
) -> None:
    """Keep the address of a run that wrote these messages (their ids)."""
    value = {"run_id": run_id, "address": address, "messages": list(messages)[-_MOST_MESSAGES:]}
    try:
        await client.store.put_item((NAMESPACE, thread_id), run_id, value, False, _LASTS)
    except LangGraphError as refused:
        _log.info("run %s: its address for feedback is not kept: %r", run_id, refused)


async def find(
    client: LangGraphClient, thread_id: str, messages: Collection[str]
) -> tuple[str, str]:
    """The last run that wrote one of these messages, and its address; both may be empty."""
    try:
        answer: Any = await client.store.search_items((NAMESPACE, thread_id), limit=_MOST_RUNS)
    except LangGraphError as refused:
        _log.info("thread %s: no address for feedback is read: %r", thread_id, refused)
        return "", ""
    items = answer.get("items") if isinstance(answer, dict) else None
    found = ("", "")
    made = ""
    for item in items if isinstance(items, list) else []:
        match item:
            case {"value": {"run_id": str(run_id), "address": str(address), "messages": list(ids)}}:
                at = str(item.get("created_at"))
                if at >= made and not set(messages).isdisjoint(one for one in ids if _is_text(one)):
                    found, made = (run_id, address), at
    return found


async def submit(  # noqa: PLR0913 - what LangSmith takes, and the hosts
    address: str,
    *,
    score: int | None,
    note: str,
    source: str,
    hosts: Collection[str],
    transport: httpx.AsyncBaseTransport | None = None,
) -> bool:
    """Give feedback; returns whether it was taken.

    Args:
        address: as the server signed it.
        score: 1 for good, 0 for bad; None: what was given before is taken back.
        note: may be empty.
        source: the same for all feedback of one person on one answer, of which the last counts.
        hosts: the only ones that anything is sent to, with a port where it is no usual one.
        transport: in place of the network.
    """
    if not is_allowed(address, hosts):
        _log.warning("feedback is not sent: CHAT_LANGSMITH_HOSTS does not name its host")
        return False
    value = None if score is not None else "removed"
    said = {"score": score, "value": value, "comment": note or None, "metadata": {"id": source}}
    try:
        async with httpx.AsyncClient(
            timeout=_WITHIN, follow_redirects=False, transport=transport
        ) as web:
            answer = await web.post(address, json=said)
    except httpx.HTTPError as failure:
        _log.info("feedback is not taken: %s", type(failure).__name__)
        return False
    if not answer.is_success:
        _log.info("feedback is not taken: status %s", answer.status_code)
    return answer.is_success


def is_allowed(address: str, hosts: Collection[str]) -> bool:
    """Whether an address is at one of these hosts, and nothing else would be sent there."""
    try:
        url = httpx.URL(address)  # as what sends it reads it
    except (httpx.InvalidURL, ValueError):
        return False
    is_plain = url.scheme == "http" and url.host in _LOOPBACK
    where = url.host if url.port is None else f"{url.host}:{url.port}"
    return (url.scheme == "https" or is_plain) and not url.userinfo and where in hosts


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
