"""Cases of coming to a page: a long thread, and the first visit of all."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks.browser import measured_page
from tests.benchmarks.runs import history_mark

if TYPE_CHECKING:
    from tests.benchmarks.server import BenchServer

_KEYS = "twenty keys, please."
_VISITS = 3
_CODE = {"Script", "Stylesheet"}
_FIRST_UPDATE = "42/_event,"
"""How the first update of Reflex's state begins on the socket."""


def open_thread(server: BenchServer, site: str, *, history: int) -> dict[str, float]:
    """Open a thread of `history` messages, whose id follows `site`, then type in its composer.

    Milliseconds: `newest` from navigation to the newest message standing in the window, `key` from
    a key press to its paint (median), `key_worst`. `nodes`: DOM nodes of all kinds.
    """
    thread_id = server.new_thread(history=history)
    with measured_page() as measured:
        newest = measured.open(site + thread_id, newest=history_mark(history - 1))
        nodes = measured.page.evaluate("probe.nodes()")
        measured.composer.focus()
        for key in _KEYS:
            measured.page.keyboard.press(key)
            measured.page.wait_for_timeout(100)
        keys = measured.page.evaluate("probe.keys")
    return {
        "newest": newest,
        "nodes": nodes,
        "key": median(keys),
        "key_worst": max(keys),
    }


def first_visit(address: str) -> dict[str, float]:
    """Visit `address` with nothing cached; medians of a few visits.

    Bytes over the wire, compressed: `code` of JavaScript and CSS, `wire` of everything.
    Milliseconds: `interactive` from the request to a composer that is painted and a socket that
    brought the first state (only a composer where the page has no socket).
    """
    visits = [_visit(address) for _ in range(_VISITS)]
    return {name: median(visit[name] for visit in visits) for name in visits[0]}


def _visit(address: str) -> dict[str, float]:
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    times: dict[str, float] = {}

    def on_request(event: dict[str, Any]) -> None:
        times.setdefault("asked", event["timestamp"])

    def on_response(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def on_finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    def on_frame(event: dict[str, Any]) -> None:
        if event["response"]["payloadData"].startswith(_FIRST_UPDATE):
            times.setdefault("connected", event["timestamp"])

    with measured_page() as measured:
        measured.on("Network.requestWillBeSent", on_request)
        measured.on("Network.responseReceived", on_response)
        measured.on("Network.loadingFinished", on_finished)
        measured.on("Network.webSocketFrameReceived", on_frame)
        measured.open(address)
        composer = measured.page.evaluate("probe.composer")
    connected = 1000 * (times.get("connected", times["asked"]) - times["asked"])
    return {
        "code": sum(sizes[request] for request in sizes if kinds.get(request) in _CODE),
        "wire": sum(sizes.values()),
        "interactive": max(composer, connected),
    }
