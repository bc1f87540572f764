"""The app below a base path: what it is asked for, where it leads, and what its page names."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chat_app.built_page.base_path import (
    documents,
    served_below,
    with_base,
    with_relative_addresses,
)
from chat_app.middleware.base_path import with_base_path
from chat_app.middleware.content_policy import ContentPolicies, hashes

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (
    '<html><head><link rel="modulepreload" href="/assets/a.js"/><script src="/_login.js"></script>'
    '</head><body><a href="/">New</a><a href="https://example.com/">Out</a><a href="//h/">Odd</a>'
    '<script>window.__reactRouterContext = {"basename":"/","ssr":false};</script>'
    '<script type="module">import "/assets/manifest-1.js";\nimport * as a from "/assets/a.js";'
    "</script></body></html>"
)
MANIFEST = 'window.__reactRouterManifest={"entry":{"module":"/assets/a.js","imports":[]}};'


@pytest.fixture
def build(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "404.html"):
        (tmp_path / name).write_text(DOCUMENT)
    (tmp_path / "assets" / "manifest-1.js").write_text(MANIFEST)
    (tmp_path / "assets" / "a.js").write_text('import "./b.js";')
    return tmp_path.resolve()


async def _where(request: Request) -> JSONResponse:
    return JSONResponse({"path": request.scope["path"], "query": str(request.query_params)})


async def _redirect(request: Request) -> RedirectResponse:
    return RedirectResponse(request.query_params["to"])


def app_below(base: str) -> ASGIApp:
    routes = [Route("/to", _redirect), Route("/{rest:path}", _where)]
    return with_base_path(Starlette(routes=routes), base)


async def get(app: ASGIApp, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        return await client.get(path)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/chat/", "/"),
        ("/chat/t/1", "/t/1"),
        ("/chat/chat/x", "/chat/x"),
        # Where the proxy takes the base path off, and for a probe of the process itself:
        ("/t/1", "/t/1"),
        ("/ready", "/ready"),
        # Not below it, but beside it:
        ("/chatter", "/chatter"),
    ],
)
async def test_the_base_path_is_taken_off_what_is_asked_for(asked: str, found: str) -> None:
    assert (await get(app_below("/chat"), asked)).json()["path"] == found


async def test_the_base_path_alone_leads_to_the_root_with_its_query() -> None:
    answer = await get(app_below("/chat"), "/chat?replay=1")
    assert answer.status_code == 308
    assert answer.headers["location"] == "/chat/?replay=1"


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/sign-in?next=/t/1", "/chat/sign-in?next=/t/1"),
        ("https://login.example.com/realms/a", "https://login.example.com/realms/a"),
        ("//login.example.com/a", "//login.example.com/a"),
    ],
)
async def test_redirects_to_the_app_stay_below_and_others_are_as_they_were(
    to: str, leads: str
) -> None:
    answer = await get(app_below("/chat"), f"/chat/to?to={to}")
    assert answer.headers["location"] == leads


async def test_without_a_base_path_nothing_is_between() -> None:
    app = app_below("")
    assert isinstance(app, Starlette)
    assert (await get(app, "/to?to=/x")).headers["location"] == "/x"


def test_a_document_names_everything_below_the_base_path() -> None:
    edited = with_base(DOCUMENT, "/a/chat", is_document=True)
    named = re.findall(r'(?:href|src)="([^"]*)"|(?:import|from) "([^"]*)"', edited)
    assert [one or other for one, other in named] == [
        "/a/chat/assets/a.js",
        "/a/chat/_login.js",
        "/a/chat/",
        "https://example.com/",
        "//h/",
        "/a/chat/assets/manifest-1.js",
        "/a/chat/assets/a.js",
    ]
    assert '"basename":"/a/chat/"' in edited


def test_a_document_of_another_kind_is_reported() -> None:
    with pytest.raises(LookupError, match="React Router"):
        with_base("<html></html>", "/chat", is_document=True)


def test_a_build_of_another_kind_is_reported(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(DOCUMENT)
    with pytest.raises(LookupError, match="React Router"):
        documents(tmp_path, "/chat")


async def test_the_build_is_served_with_the_base_path_in_its_documents(build: Path) -> None:
    files = StaticFiles(directory=build, html=True)
    inner = Starlette(routes=[Mount("/", files)])
    app = with_base_path(served_below(inner, build, "/chat"), "/chat")
    page = await get(app, "/chat/")
    assert page.text == with_base(DOCUMENT, "/chat", is_document=True)
    assert (await get(app, "/chat/no/such")).text == page.text
    listed = (await get(app, "/chat/assets/manifest-1.js")).text
    assert '"module":"/chat/assets/a.js"' in listed
    assert (await get(app, "/chat/assets/a.js")).text == 'import "./b.js";'
    assert page.headers["last-modified"] == (await get(inner, "/")).headers["last-modified"]


def test_the_build_itself_stays_as_it_is(build: Path) -> None:
    folder = Path(documents(build, "/chat").name)
    assert (build / "index.html").read_text() == DOCUMENT
    for name in ("index.html", "404.html", "assets/manifest-1.js"):
        assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == (folder / name).read_bytes()


def test_the_scripts_of_the_documents_may_run(build: Path) -> None:
    folder = Path(documents(build, "/chat").name)
    policies = ContentPolicies.of(build, folder)
    assert policies.scripts == hashes([(folder / "index.html").read_text()], "script")
    assert policies.scripts != ContentPolicies.of(build).scripts


def test_vite_is_told_once_that_files_name_each_other_from_where_they_are() -> None:
    configuration = "export default defineConfig({\n  experimental: {\n    hmr: false,\n  },\n});"
    edited = with_relative_addresses(configuration)
    assert edited.count("renderBuiltUrl") == 1
    assert with_relative_addresses(edited) == edited
    with pytest.raises(LookupError, match=r"vite\.config\.js"):
        with_relative_addresses("export default {}")


def test_what_was_built_names_nothing_from_the_root_but_in_its_documents() -> None:
    """Where the page has been built, which the tests in a browser do."""
    build = ROOT / ".web" / "build" / "client"
    if not (build / "index.html").is_file():
        pytest.skip("the page is not built")
    edited = {*build.glob("*.html"), *build.glob("assets/manifest-*.js")}
    files = {*build.glob("assets/*.js"), *build.glob("assets/*.css")} - edited
    assert len(files) > 10
    at_root = re.compile(r"[\"'`(]/assets/")
    assert [file.name for file in files if at_root.search(file.read_text("utf-8"))] == []


# What the sources of the page name from the root.

_ROOTED = re.compile(r"""["'`]/[A-Za-z_$]""")
_BELOW = re.compile(r"""(?:\bat\(|\bnavigate\(|\bto=\{?)\s*["'`]/""")


class Rooted(NamedTuple):
    file: str
    line: str


REVIEWED = {
    # A path in the app, for a link of React Router, which puts the base path before it.
    Rooted("shared/message_address.js", "export const addressOf"),
    Rooted("inbox/inbox.jsx", "const pathOf"),
    Rooted("inspector/inspector.jsx", "const chat = `/t/${thread}`;"),
    # Compared with the path that React Router knows, which has no base path.
    Rooted("conversation/find.jsx", "pathname === `/t/${thread}`"),
    # Given to `at` a few lines on.
    Rooted("connection/login.py", "_ADDRESS = "),
    # No addresses: an example, commands, and the names of files.
    Rooted("shared/base.js", "/* The path that the app is served under"),
    Rooted("composer/slash.js", "`/${row.slash}"),
    Rooted("prose/file_names.js", "path.endsWith"),
}


def rooted(text: str) -> list[str]:
    """The lines of a source with an address from the root that nothing puts the base path to."""
    return [
        line.strip()
        for line in text.splitlines()
        if _ROOTED.search(_BELOW.sub("", line)) and not line.lstrip().startswith(("import ", "#"))
    ]


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ('fetch("/_import")', True),
        ("href={`/t/${id}`}", True),
        ('const PATH = "/export/";', True),
        ('fetch(at("/_import"))', False),
        ("href={at(`/t/${id}`)}", False),
        ("<Link to={`/t/${id}`}>", False),
        ("navigate(`/t/${id}`)", False),
    ],
)
def test_an_address_without_the_base_path_is_found(line: str, is_found: bool) -> None:
    assert bool(rooted(line)) is is_found


def test_no_address_of_the_page_lacks_the_base_path() -> None:
    """Make it with ``at`` of ``shared/base.js`` or ``shared/base.py``, or review it above."""
    components = ROOT / "chat_app" / "components"
    sources = [*components.rglob("*.js"), *components.rglob("*.jsx"), *components.rglob("*.py")]
    sources += (ROOT / "chat_app" / "renderers").glob("*.*sx")
    found = [
        Rooted(f"{file.parent.name}/{file.name}", line)
        for file in sources
        for line in rooted(file.read_text("utf-8"))
    ]
    unknown = [
        one
        for one in found
        if not any(one.file == known.file and known.line in one.line for known in REVIEWED)
    ]
    assert unknown == []


def test_only_one_script_reads_the_path_of_the_address() -> None:
    """Elsewhere it is ``here()`` of ``shared/base.js``, which has no base path."""
    components = ROOT / "chat_app" / "components"
    sources = [*components.rglob("*.js"), *components.rglob("*.jsx")]
    readers = [file.name for file in sources if "location.pathname" in file.read_text("utf-8")]
    assert readers == ["base.js"]


def test_the_stylesheets_and_frames_load_nothing_from_the_root() -> None:
    assets = [*(ROOT / "assets").glob("*.css"), *(ROOT / "assets" / "frames").glob("*.html")]
    sheets = [*(ROOT / "chat_app").rglob("*.css"), *assets]
    at_root = re.compile(r"""url\(\s*["']?/|(?:src|href)="/|@import\s+["']/""")
    assert [file.name for file in sheets if at_root.search(file.read_text("utf-8"))] == []


def test_the_app_answers_in_python_with_addresses_that_have_it() -> None:
    """A path that is written into a document, or sent to the page, is made by `address`."""
    known = {"routes/sign_in_page.py", "state/addresses.py", "state/sharing.py"}
    for name in known:
        assert "address(" in (ROOT / "chat_app" / name).read_text("utf-8")
    rooted_attribute = re.compile(r"""(?:href|src|action)="(?:/|\{[A-Z_]+\}")""")
    found = [
        file.name
        for file in (ROOT / "chat_app").rglob("*.py")
        if rooted_attribute.search(file.read_text("utf-8"))
    ]
    assert found == []
