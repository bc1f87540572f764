"""A chat model without a model: it says what `script` decides, one token at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence  # noqa: TC003 - the model's fields are read
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import agenerate_from_stream, generate_from_stream
from langchain_core.messages import BaseMessage  # noqa: TC002 - as above
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from typing_extensions import override

from chat_app.demo.scripted.chunks import MODEL_NAME, chunks, tokens
from chat_app.demo.scripted.pace import Pace
from chat_app.demo.scripted.turn import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
    from langchain_core.messages import AIMessage, AIMessageChunk
    from langchain_core.runnables import Runnable
    from langchain_core.tools import BaseTool


class ScriptedModel(BaseChatModel):
    """Follows a script at fifty tokens a second times `speed`."""

    script: Callable[[Sequence[BaseMessage]], Reply]
    speed: float = 1
    only_says: str = ""
    """Where set, the answer to everything."""

    @property
    @override
    def _llm_type(self) -> str:
        return MODEL_NAME

    @override
    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Return the model itself: the script knows its tools by heart."""
        return self

    @override
    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in self._chunks(self._reply(messages), messages):
            yield ChatGenerationChunk(message=chunk)

    @override
    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        pace = Pace(self.speed)
        # In a thread, as reading a large picture takes a while.
        reply = await asyncio.to_thread(self._reply, messages)
        for chunk in self._chunks(reply, messages):
            await pace.tick()
            yield ChatGenerationChunk(message=chunk)

    @override
    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages))

    @override
    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages))

    def _reply(self, messages: Sequence[BaseMessage]) -> Reply:
        return Reply(self.only_says) if self.only_says else self.script(messages)

    def _chunks(self, reply: Reply, messages: Sequence[BaseMessage]) -> Iterator[AIMessageChunk]:
        read = sum(len(tokens(str(message.text))) for message in messages)
        return chunks(reply, input_tokens=read)
