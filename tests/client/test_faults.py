"""The proxy that breaks connections, with a plain server behind it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.helpers.faults import FaultyProxy, faulty_proxy

GREETING = b"hello " * 1000


class Upstream:
    """Greets, echoes until it is told "bye", and closes."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard = b""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        try:
            with caller:
                caller.sendall(GREETING)
                while piece := caller.recv(1000):
                    self.heard += piece
                    if self.heard.endswith(b"bye"):
                        return
                    caller.sendall(piece)
        except OSError:
            """The caller is gone."""


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with closing(Upstream()) as upstream:
        yield upstream


@pytest.fixture
def proxy(upstream: Upstream) -> Iterator[FaultyProxy]:
    with faulty_proxy(upstream.url) as proxy:
        yield proxy


def call(proxy: FaultyProxy) -> socket.socket:
    host, port = proxy.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def greeted(proxy: FaultyProxy) -> socket.socket:
    caller = call(proxy)
    assert read(caller, len(GREETING)) == GREETING
    return caller


def read(caller: socket.socket, length: int = 1_000_000) -> bytes:
    """So many bytes, or all up to the end."""
    said = b""
    while len(said) < length and (piece := caller.recv(length - len(said))):
        said += piece
    return said


def until_reset(proxy: FaultyProxy) -> bytes:
    """What a new connection brings; on a busy machine the reset is there before it stands."""
    said = b""
    try:
        with call(proxy) as caller:
            while piece := caller.recv(1000):
                said += piece
    except ConnectionResetError:
        return said
    raise AssertionError("it ended in good order")


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def is_silent(caller: socket.socket) -> bool:
    caller.settimeout(0.1)
    try:
        caller.recv(1)
    except TimeoutError:
        return True
    finally:
        caller.settimeout(30)
    return False


def test_bytes_go_both_ways_and_the_end_is_an_end(proxy: FaultyProxy):
    with greeted(proxy) as caller:
        caller.sendall(b"ping")
        assert read(caller, 4) == b"ping"
        assert proxy.open_connections == 1
        caller.sendall(b"bye")
        assert read(caller) == b""
    until(lambda: proxy.open_connections == 0)


def test_a_caller_that_leaves_is_forgotten(proxy: FaultyProxy):
    greeted(proxy).close()
    until(lambda: proxy.open_connections == 0)


def test_a_cut_resets_open_connections_and_takes_new_ones(proxy: FaultyProxy):
    with greeted(proxy) as caller:
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            read(caller)
    greeted(proxy).close()


def test_refusing_resets_all_until_it_accepts_again(proxy: FaultyProxy):
    with greeted(proxy) as caller:
        proxy.refuse()
        with pytest.raises(ConnectionResetError):
            read(caller)
    with pytest.raises(ConnectionResetError), call(proxy) as caller:
        read(caller)
    proxy.accept()
    greeted(proxy).close()


def test_a_stalled_connection_is_silent_and_then_goes_on(proxy: FaultyProxy, upstream: Upstream):
    with greeted(proxy) as caller:
        proxy.stall()
        caller.sendall(b"ping")
        assert is_silent(caller)
        assert upstream.heard == b""
        proxy.flow()
        assert read(caller, 4) == b"ping"


def test_a_stalled_connection_can_be_cut(proxy: FaultyProxy):
    with greeted(proxy) as caller:
        proxy.stall()
        caller.sendall(b"ping")
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            read(caller)


def test_a_delay_is_waited_for(proxy: FaultyProxy):
    with greeted(proxy) as caller:
        proxy.delay(0.1)
        begun = time.monotonic()
        caller.sendall(b"ping")
        assert read(caller, 4) == b"ping"
        assert time.monotonic() - begun >= 0.2


def test_bytes_are_sent_in_small_pieces(proxy: FaultyProxy):
    proxy.split(7)
    proxy.delay(0.02)
    with call(proxy) as caller:
        first = caller.recv(len(GREETING))
        # On a busy machine several have come by the first look.
        assert len(first) < len(GREETING)
        assert len(first) % 7 == 0
        assert (first + read(caller, 21)) == GREETING[: len(first) + 21]


def test_a_buffered_answer_comes_when_it_is_over(proxy: FaultyProxy):
    proxy.buffer(on=True)
    with call(proxy) as caller:
        assert is_silent(caller)
        caller.sendall(b"bye")
        assert read(caller) == GREETING


def test_a_connection_that_is_closed_after_a_while_ends_in_good_order(proxy: FaultyProxy):
    proxy.close_after(0.1)
    with call(proxy) as caller:
        # On a busy machine the end may be there before the greeting.
        assert GREETING.startswith(read(caller))


def test_a_connection_is_cut_after_so_many_bytes(proxy: FaultyProxy):
    proxy.cut_after(10)
    # A reset may overtake what was sent before it.
    assert GREETING[:10].startswith(until_reset(proxy))


def test_it_can_lead_elsewhere(proxy: FaultyProxy):
    with closing(Upstream()) as other:
        proxy.point_at(other.url)
        with greeted(proxy) as caller:
            caller.sendall(b"bye")
            read(caller)
        assert other.heard == b"bye"


def test_an_upstream_that_is_down_resets_the_caller(proxy: FaultyProxy):
    with closing(Upstream()) as other:
        proxy.point_at(other.url)
    with pytest.raises(ConnectionResetError), call(proxy) as caller:
        read(caller)
