"""The app's states connected to a server, as in the tests of the states."""

from tests.helpers.clock import clock
from tests.state.conftest import client, network, new_tab, server_url, start, tab

__all__ = ["client", "clock", "network", "new_tab", "server_url", "start", "tab"]
