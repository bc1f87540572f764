import ipaddress
import re

import pytest

from chat_app.client import Event, Metadata
from tests.helpers import captures

MARKS_OF_A_PERSON = {
    "an e-mail address": r"[\w.+-]+@[\w-]+",
    "a home folder": r"/(home|root|Users)\b|[A-Z]:\\\\Users",
    "a token": r"\b(sk|lsv2|ghp|gho|xox[abp])[-_]\w{8,}|\bBearer\s+\w|eyJ[\w-]{20,}\.",
    "a secret header": r"\"(authorization|cookie|set-cookie|x-api-key|x-forwarded-for)\"",
}


def files() -> list[str]:
    return sorted(path.name for path in captures.FOLDER.iterdir() if path.suffix != "")


@pytest.mark.parametrize("name", files())
def test_no_capture_tells_of_a_person_or_a_machine(name: str):
    text = (captures.FOLDER / name).read_text(encoding="utf-8")
    for what, pattern in MARKS_OF_A_PERSON.items():
        assert not re.search(pattern, text, re.IGNORECASE), what
    for host in re.findall(r"https?://\[?([^/:\s\"\\\]]+)", text):
        assert ipaddress.ip_address(host).is_loopback


def test_the_scrub_check_sees_what_it_is_for():
    planted = ["a@b.com", "/home/ann/x", "sk-abcdefgh12", '"x-api-key"']
    found = [
        re.search(pattern, text, re.IGNORECASE)
        for text, pattern in zip(planted, MARKS_OF_A_PERSON.values(), strict=True)
    ]
    assert all(found)


@pytest.mark.parametrize("name", captures.names())
def test_every_event_of_a_capture_is_understood(name: str):
    for event in captures.events(name):
        known = event.event.split("|")[0] not in {"tasks", "checkpoints"}
        assert (type(event) is not Event) == known
        assert not isinstance(event.data, str) or event.event == "custom"


@pytest.mark.parametrize("name", captures.names())
def test_the_run_id_stands_in_the_headers_and_in_the_first_event(name: str):
    first = next(iter(captures.events(name)), None)
    if isinstance(first, Metadata):
        assert captures.meta(name)["headers"]["content-location"].endswith(f"/runs/{first.run_id}")
