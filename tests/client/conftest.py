from tests.helpers.server import langgraph_server

__all__ = ["langgraph_server"]
