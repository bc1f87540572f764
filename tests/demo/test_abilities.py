"""What each ability says at each step, from the conversation alone."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from chat_app import text
from chat_app.demo.abilities import mail, order, ranking, research, weekend
from chat_app.demo.agent import agent
from chat_app.demo.script import next_reply, researchers_next_reply
from chat_app.demo.tools.chart import bar_chart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chat_app.demo.scripted.turn import Reply

PNG = base64.b64encode(bar_chart([1, 2, 3])).decode()


class Conversation:
    """A question, and the turns that follow when the tools answer what `told` says."""

    def __init__(
        self, question: Any, script: Callable[[Sequence[BaseMessage]], Reply] = next_reply
    ) -> None:
        self._messages: list[BaseMessage] = [HumanMessage(question)]
        self._script = script

    def reply(self) -> Reply:
        return self._script(self._messages)

    def told(self, *answers: str | ToolMessage) -> Reply:
        calls = self.reply().calls
        assert len(calls) == len(answers)
        self._messages.append(AIMessage("…"))
        for call, answer in zip(calls, answers, strict=True):
            self._messages.append(
                ToolMessage(answer, name=call.tool, tool_call_id="c")
                if isinstance(answer, str)
                else answer
            )
        return self.reply()


def weather(city: str, degrees: float, sky: str = "clear sky") -> str:
    row = {"city": city, "country": "Somewhere", "temperature_c": degrees, "feels_like_c": degrees}
    air = {"sky": sky, "wind_kmh": 10, "humidity": 50, "observed": "x", "source": "s"}
    return json.dumps(row | air)


CLOCK = json.dumps(
    {"place": "There", "timezone": "UTC", "time": "12:00", "date": "2026-06-01"}
    | {"weekday": "Monday", "utc_offset": "+00:00"}
)


def test_every_starter_begins_something_of_its_own() -> None:
    first = [next_reply([HumanMessage(prompt)]) for prompt, _ in text.STARTERS]
    tools = [tuple(call.tool for call in reply.calls) for reply in first]
    assert tools == [
        ("weather", "weather"),
        ("send_email",),
        ("ask_person",),
        ("write_todos",),
        ("rank_cities",),
        ("chart",),
    ]


def test_every_tool_of_the_graph_says_what_it_is_for() -> None:
    bound = agent.get_graph().nodes["tools"].data
    tools = bound.tools_by_name  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]
    assert tools.keys() >= {"send_email", "ask_person", "task", "write_file", "rank_cities"}
    assert all(len(tool.description) > 20 for tool in tools.values())


def test_a_draft_names_the_person_and_what_it_is_about() -> None:
    (call,) = Conversation("Write an email to Grace about the tests").reply().calls
    assert call.args["to"] == "grace@example.com"
    assert call.args["subject"] == "The tests"
    assert "Hi Grace" in call.args["body"]
    assert call.args["urgent"] is False


def test_an_address_in_the_question_is_where_the_email_goes() -> None:
    (call,) = Conversation("email bob@b.test, ann@a.test about lunch").reply().calls
    assert call.args["to"] == "bob@b.test, ann@a.test"


SENT = json.dumps(mail.send_email("a@b.c", "Hi", "there"))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (SENT, "on its way to `a@b.c`."),
        (f"Note: replaced. Tool response:\n{SENT}", "`a@b.c` with your changes"),
        ("make it shorter", "You answered instead of sending it: “make it shorter”"),
    ],
)
def test_the_end_of_an_email_is_told_as_it_was_decided(answer: str, said: str) -> None:
    assert said in Conversation("an email to Ada about lunch").told(answer).text


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("User rejected the tool call for `send_email` with reason: too late", "“too late”"),
        ("User rejected the tool call for `send_email` with id c.", "**not sent**.\n"),
    ],
)
def test_a_refused_email_is_not_sent_and_the_reason_repeated(refused: str, said: str) -> None:
    answer = ToolMessage(refused, name="send_email", tool_call_id="c", status="error")
    told = Conversation("an email to Ada about lunch").told(answer).text
    assert "**not sent**" in told
    assert said in told


@pytest.mark.parametrize("answer", ["Oslo", "oslo, I think", "the weather is nice in Oslo"])
def test_a_weekend_goes_where_the_person_said(answer: str) -> None:
    talk = Conversation("Plan a weekend away")
    assert [call.args["city"] for call in talk.told(answer).calls if call.tool == "weather"] == [
        "Oslo"
    ]
    plan = talk.told(weather("Oslo", 12, "light rain"), CLOCK).text
    assert "## A weekend in Oslo" in plan
    assert "| Saturday | the largest museum" in plan


def test_an_answer_that_is_no_known_city_is_taken_at_its_word() -> None:
    talk = Conversation("Plan a weekend away")
    assert talk.told("somewhere quiet").calls[0].args == {"city": "Somewhere Quiet"}
    failed = ToolMessage("No such place.", name="weather", tool_call_id="c", status="error")
    assert "No such place." in talk.told(failed, CLOCK).text


def test_a_weekend_whose_city_is_known_asks_nothing() -> None:
    calls = Conversation("Plan a weekend in Rome").reply().calls
    assert [call.tool for call in calls] == ["weather", "clock"]


def test_research_plans_delegates_writes_and_tells() -> None:
    talk = Conversation("Research Oslo and Rome")
    (plan,) = talk.reply().calls
    assert [todo["status"] for todo in plan.args["todos"]] == [
        *("in_progress", "in_progress", "pending", "pending"),
    ]
    tasks = talk.told("noted").calls
    assert [call.tool for call in tasks] == ["task", "task"]
    assert ["Oslo" in tasks[0].args["description"], "Rome" in tasks[1].args["description"]]
    notes = talk.told("It is 12.0 °C in Oslo.", "It is 27.5 °C in Rome.").calls
    assert [call.args.get("path") for call in notes] == ["notes/oslo.md", "notes/rome.md", None]
    report, done = talk.told("", "", "").calls
    assert report.args["path"] == "report.md"
    assert "It is 27.5 °C in Rome." in report.args["content"]
    assert {todo["status"] for todo in done.args["todos"]} == {"completed"}
    assert "**Rome** is the warmer one now, 15.5 degrees above Oslo." in talk.told("", "").text


def test_research_whose_researchers_fail_still_ends_in_a_report() -> None:
    talk = Conversation("Research something")
    talk.told("")
    talk.told("no idea", "nor have I")
    report, _ = talk.told("", "", "").calls
    assert "no known temperature" in report.args["content"]


def test_a_researcher_looks_up_works_out_and_tells() -> None:
    talk = Conversation("Find out what it is like in Oslo now", researchers_next_reply)
    (sum_,) = talk.told(weather("Oslo", 12.5), CLOCK).calls
    assert sum_.args == {"expression": "12.5 * 9 / 5 + 32"}
    findings = talk.told(json.dumps({"expression": "12.5 * 9 / 5 + 32", "result": 54.5})).text
    assert "12.5 °C" in findings
    assert "**54.5**" in findings


def test_a_researcher_without_an_answer_says_so_and_works_nothing_out() -> None:
    talk = Conversation("Find out what it is like in Oslo now", researchers_next_reply)
    failed = ToolMessage("No such place.", name="weather", tool_call_id="c", status="error")
    assert "No such place." in talk.told(failed, CLOCK).text


@pytest.mark.parametrize(
    ("question", "args"),
    [
        ("Rank the ten warmest cities", ("temperature", 10, True)),
        ("rank the 5 coldest cities", ("temperature", 5, False)),
        ("which are the windiest cities?", ("wind", 10, True)),
        ("rank cities by humidity, the lowest three", ("humidity", 3, False)),
        ("the driest cities please", ("humidity", 10, False)),
    ],
)
def test_a_ranking_is_of_what_was_asked_for(question: str, args: tuple[Any, ...]) -> None:
    (call,) = Conversation(question).reply().calls
    assert (call.args["measure"], call.args["count"], call.args["highest"]) == args


def test_a_ranking_is_told_and_so_is_its_failure() -> None:
    rows = [{"city": "Dubai", "value": 38.9}, {"city": "Delhi", "value": 38.0}]
    told = json.dumps({"unit": "°C", "cities": rows})
    assert "**Dubai** leads with 38.9 °C" in Conversation("rank the cities").told(told).text
    assert "could not" in Conversation("rank the cities").told("what?").text


def test_a_form_that_was_filled_in_is_read_back() -> None:
    form = Conversation("Order a pizza").reply().calls[0].args
    filled = f"{form['title']}\nSize: Large\nTopping: a: b"
    assert "| Size | Large |\n| Topping | a: b |" in Conversation(filled).reply().text


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "mime_type": "image/png", "base64": PNG},
        {"type": "image", "mimeType": "image/png", "data": PNG},
        {"type": "image", "source_type": "base64", "mime_type": "image/png", "data": PNG},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
        {"type": "image_url", "image_url": f"data:image/png;base64,{PNG}"},
    ],
)
def test_an_attached_picture_is_described_from_its_bytes(block: dict[str, Any]) -> None:
    said = Conversation([{"type": "text", "text": "and this?"}, block]).reply().text
    assert "**PNG picture** of 480 by 200 pixels (wider than tall)" in said
    assert "| white |" in said
    assert "| light blue |" in said


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"type": "image", "mime_type": "image/png", "base64": "AAAA"}, "meant to be a picture"),
        ({"type": "image", "mime_type": "image/png", "base64": "?"}, "meant to be a picture"),
        ({"type": "image_url", "image_url": {"url": "https://a.test/b.png"}}, "cannot read it"),
        ({"type": "file", "mime_type": "text/plain", "base64": "YSBiCmM="}, "2 lines, 3 words"),
        ({"type": "audio", "mime_type": "audio/mpeg", "base64": "AAAA"}, "audio/mpeg with 3 bytes"),
        ({"type": "odd"}, "(odd)"),
    ],
)
def test_what_is_no_readable_picture_is_told_as_what_it_is(
    block: dict[str, Any], said: str
) -> None:
    assert said in Conversation([block]).reply().text


def test_without_a_picture_the_agent_draws_one_and_describes_that() -> None:
    content: list[Any] = [
        {"type": "text", "text": "a chart"},
        {"type": "image", "mime_type": "image/png", "base64": PNG},
    ]
    drawn = ToolMessage(content, name="chart", tool_call_id="c")
    assert "480 by 200" in Conversation("Describe a picture").told(drawn).text


def test_the_arguments_of_all_tools_are_explained_to_a_model() -> None:
    modules = mail, order, ranking, weekend
    tools = [tool for module in modules for tool in module.TOOLS]
    assert {tool.name: sorted(tool.tool_call_schema.model_fields) for tool in tools} == {
        "send_email": ["body", "subject", "to", "urgent"],
        "show_form": ["fields", "title"],
        "rank_cities": ["count", "highest", "measure"],
        "ask_person": ["question"],
    }


def test_files_that_are_written_take_the_place_of_older_ones() -> None:
    kept = research.merged_files({"a": "1", "b": "2"}, {"b": "3"})
    assert kept == {"a": "1", "b": "3"}
    assert research.merged_files(None, None) == {}
