"""The real development server with the small graphs of `tests.helpers.graphs`, once for all."""

from tests.helpers.server import langgraph_server

__all__ = ["langgraph_server"]
