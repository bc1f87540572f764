"""A data folder that cannot be used any more is told to the person, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app import text
from chat_app.auth.identify import authenticator
from chat_app.auth.secret import signing_secret
from tests.helpers.signing_in import sign_in
from tests.security.people import people_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_SERVER = "http://127.0.0.1:9"


@pytest.fixture
def no_secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The secret is in the data folder."""
    monkeypatch.setenv("CHAT_SECRET", "")
    signing_secret.cache_clear()
    yield
    signing_secret.cache_clear()


@pytest.mark.usefixtures("no_secret")
async def test_a_folder_without_room_for_the_secret_is_told_at_each_opening(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with people_at("none", monkeypatch, tmp_path / "data", NO_SERVER) as people:
        (tmp_path / "data").rename(tmp_path / "before")
        (tmp_path / "data").touch()
        for path in ("/", "/t/x", "/_login"):
            answer = await people.stranger().get(path)
            assert (answer.status_code, answer.text) == (503, text.DATA_FAILED)
        (tmp_path / "data").unlink()
        assert (await people.stranger().get("/_login")).status_code == 200
    assert any("A request failed" in record.message for record in caplog.records)


async def test_logins_that_cannot_be_written_are_told_at_the_sign_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with people_at("password", monkeypatch, tmp_path, NO_SERVER) as people:
        anna = await people.come("anna")
        database = authenticator().store._kept._database  # type: ignore[attr-defined]
        database._writer.execute("PRAGMA query_only = 1")
        answer = await sign_in(people.stranger(), anna.name)
        assert (answer.status_code, answer.text) == (503, text.DATA_FAILED)
        assert (await anna.web.get("/_login")).status_code == 200
