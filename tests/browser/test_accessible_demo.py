"""No state of apps with the demo agent, or of the sign-in, breaks a rule of accessibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.helpers.accessible_states import faults_in, names_of, series_of
from tests.screenshots import Apps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.helpers.accessible_states import Series


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    with Apps(tmp_path_factory.mktemp("apps")) as running:
        yield running


@pytest.mark.parametrize("series", series_of("demo", "oidc", "password"), ids=names_of)
def test_a_state_of_the_page_is_accessible(series: Series, browser: Browser, apps: Apps) -> None:
    found = faults_in(series, browser, apps)
    assert not found, "\n".join(found)
