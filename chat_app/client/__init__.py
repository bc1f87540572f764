"""The wire of a LangGraph server: httpx and server-sent events, no Reflex and no setting."""
