"""The app's states connected to a server, as in the tests of the states."""

from tests.state.conftest import client, network, new_tab, server_url, start, tab

__all__ = ["client", "network", "new_tab", "server_url", "start", "tab"]
