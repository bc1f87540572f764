"""The files in `scripts/deploy`: each is what the tool that reads it takes, and fits the others."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from shutil import which
from typing import Any

import compose_spec
import httpx
import kubernetes_validate
import pytest
import yaml

from chat_app.config import Settings, variable
from tests.helpers.certificate import write_certificate
from tests.helpers.nginx import needs_nginx, write_config
from tests.helpers.ports import free_port
from tests.helpers.programs import Program, path_of
from tests.helpers.waiting import soon

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "scripts" / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text("utf-8")
KUBERNETES = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
UNIT = (DEPLOY / "chat-app.service").read_text("utf-8")
DRAINS = Settings.model_fields["drain_seconds"].default

_VARIABLE = re.compile(r"\$\{(\w+)(?::[?-][^}]*)?\}")


def ran(*command: str, **named: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT, **named
    )


def of_kind(kind: str) -> dict[str, Any]:
    (found,) = (document for document in KUBERNETES if document["kind"] == kind)
    return found


def as_compose_reads_it(text: str) -> str:
    """With the variables that the file asks for."""
    return _VARIABLE.sub(lambda name: f"x{name[1].lower()}", text)


def compose(text: str = COMPOSE) -> compose_spec.PyCompose:
    """The file, checked whole; raises ValueError where it is none."""
    read = compose_spec.PyCompose.from_yaml(as_compose_reads_it(text))
    read.validate()
    read.to_spec()
    return read


def test_the_linter_of_images_has_nothing_to_say() -> None:
    linted = ran(str(Path(sys.executable).with_name("hadolint")), str(DEPLOY / "Containerfile"))
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_linter_of_images_finds_what_is_wrong(tmp_path: Path) -> None:
    (file := tmp_path / "Containerfile").write_text(CONTAINERFILE.replace(":3.13-slim-trixie", ""))
    assert ran(str(Path(sys.executable).with_name("hadolint")), str(file)).returncode == 1


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    paths = [path for line in copied for path in line.split()]
    assert len(paths) > 5
    kept = (DEPLOY / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert kept[1] == "*"
    for path in paths:
        assert (ROOT / path).exists()
        assert f"!{path.split('/')[0]}" in kept


def test_the_image_runs_as_no_root_and_does_not_build() -> None:
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d+$", last, re.MULTILINE)
    assert last.strip().endswith('CMD [".venv/bin/python", "-m", "scripts.serve", "--no-build"]')
    assert "RUN pip" not in last


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("restart: unless-stopped", "restrat: unless-stopped"),
        ("interval: 5s", "interval: soon"),
        ("networks: [back]", "networks: [bakc]"),
    ],
)
def test_the_compose_file_is_one(right: str, wrong: str) -> None:
    names = compose().service_names
    assert {"app", "nginx", "redis", "agent", "postgres"} == set(
        names() if callable(names) else names
    )
    assert right in COMPOSE
    with pytest.raises(ValueError, match=r"."):
        compose(COMPOSE.replace(right, wrong, 1))


def test_every_manifest_is_what_kubernetes_takes() -> None:
    kinds = [document["kind"] for document in KUBERNETES]
    assert {"Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"} < set(kinds)
    for document in KUBERNETES:
        kubernetes_validate.validate(document, "1.33", strict=True)
    wrong = {**of_kind("Service"), "spec": {"prots": []}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.33", strict=True)


def test_the_manifests_name_each_other_and_the_probes_of_the_app() -> None:
    deployment = of_kind("Deployment")
    pod = deployment["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    labels = pod["metadata"]["labels"]
    for other in ("Service", "PodDisruptionBudget"):
        selector = of_kind(other)["spec"]["selector"]
        assert selector.get("matchLabels", selector) == labels
    assert of_kind("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"] == "chat-app"
    assert container["livenessProbe"]["httpGet"]["path"] == "/health"
    assert container["readinessProbe"]["httpGet"]["path"] == "/ready"
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["spec"]["securityContext"]["runAsNonRoot"]


def test_a_process_has_time_to_send_its_pages_elsewhere() -> None:
    pod = of_kind("Deployment")["spec"]["template"]["spec"]
    before = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] >= DRAINS + before + 5
    (grace,) = re.findall(r"stop_grace_period: (\d+)s", COMPOSE)
    assert int(grace) >= DRAINS + 5
    (stop,) = re.findall(r"TimeoutStopSec=(\d+)", UNIT)
    assert int(stop) >= DRAINS + 5


def test_the_settings_that_are_named_are_settings_of_the_app() -> None:
    known = {variable(field) for field in Settings.model_fields}
    config = of_kind("ConfigMap")["data"]
    app = yaml.safe_load(COMPOSE)["services"]["app"]["environment"]
    texts = (CONTAINERFILE, COMPOSE, UNIT, (DEPLOY / "kubernetes.yaml").read_text("utf-8"))
    named = {name for text in texts for name in re.findall(r"\bCHAT_[A-Z_]+\b", text)}
    assert {*config, *app, *named} - {"CHAT_ORIGIN"} <= known


@pytest.mark.skipif(not which("systemd-analyze"), reason="systemd is not installed")
def test_the_unit_is_what_systemd_takes(tmp_path: Path) -> None:
    here = UNIT.replace("/opt/chat_app/.venv/bin/python", sys.executable)
    here = here.replace("/opt/chat_app", str(ROOT))
    (unit := tmp_path / "chat-app.service").write_text(here)
    verified = ran("systemd-analyze", "verify", "--man=no", str(unit))
    said = [line for line in verified.stderr.splitlines() if "chat-app.service" in line]
    assert (verified.returncode, said) == (0, []), verified.stderr
    unit.write_text(here.replace("KillMode=mixed", "KillMode=gently"))
    assert "kill mode" in ran("systemd-analyze", "verify", "--man=no", str(unit)).stderr


@needs_nginx
def test_the_configuration_is_what_nginx_takes(tmp_path: Path) -> None:
    write_certificate(tmp_path)
    http = (DEPLOY / "nginx.conf").read_text("utf-8")
    http = http.replace("app:3000", "127.0.0.1:3000").replace("/etc/nginx/tls", str(tmp_path))
    file = write_config(tmp_path, http)
    nginx = path_of("nginx") or ""
    command = [nginx, "-t", "-c", str(file), "-e", str(tmp_path / "error.log")]
    tested = ran(*command)
    assert tested.returncode == 0, tested.stderr
    write_config(tmp_path, http.replace("proxy_pass", "proxy_past"))
    assert ran(*command).returncode == 1


def _may_mount() -> bool:
    unshare = which("unshare")
    return bool(unshare) and ran(unshare or "", "--mount", "true").returncode == 0


def _read_only(*folders: Path) -> str:
    """A command for a shell in a mount namespace of its own."""
    return " && ".join(
        f"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'"
        for folder in folders
    )


@pytest.mark.slow
@pytest.mark.skipif(not _may_mount(), reason="no file system can be made read-only here")
def test_a_built_app_starts_at_once_from_a_file_system_that_is_read_only(tmp_path: Path) -> None:
    built = ran(sys.executable, "-m", "scripts.serve", "--build-only", env=_environment(tmp_path))
    assert built.returncode == 0, built.stderr
    port = free_port()
    environment = _environment(tmp_path) | {"CHAT_PORT": str(port), "CHAT_BASE_PATH": "/chat"}
    folders = {ROOT, Path(sys.prefix).resolve()}
    served = f"exec '{sys.executable}' -m scripts.serve --no-build"
    shell = f"{_read_only(*folders)} && ! touch '{ROOT}/x' 2>/dev/null && {served}"
    app = Program(
        ["unshare", "--mount", "sh", "-c", shell], tmp_path / "log", environment=environment
    )
    begun = time.monotonic()
    app.start()
    try:
        soon(lambda: app.has_ended() or _health(port) == 200, patience=120)
        took, used = time.monotonic() - begun, _processor_seconds(app.pid)
        page = httpx.get(f"http://127.0.0.1:{port}/chat/", trust_env=False)
        assert (page.status_code, app.has_ended()) == (200, False)
        assert '"basename":"/chat/"' in page.text
        # Of a machine with other things to do, the time that this took of its processors.
        assert used < 5, f"{took:.1f} s, of which {used:.1f} s of a processor"
    finally:
        app.stop()
    assert "Building" not in app.said()


def test_without_a_page_there_is_a_sentence_and_no_build(tmp_path: Path) -> None:
    for name in ("chat_app", "scripts", "rxconfig.py", "assets"):
        (tmp_path / name).symlink_to(ROOT / name)
    ended = subprocess.run(
        [sys.executable, "-m", "scripts.serve", "--no-build"],
        cwd=tmp_path,
        env=_environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 1
    assert "python -m scripts.serve --build-only" in ended.stderr
    assert not (tmp_path / ".web").exists()


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHAT_")}
    return kept | {
        "LANGGRAPH_API_URL": "http://127.0.0.1:9",
        "CHAT_DATA_DIR": str(folder / "data"),
        "CHAT_PORT": str(free_port()),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _health(port: int) -> int:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code
    except httpx.TransportError:
        return 0


def _processor_seconds(pid: int) -> float:
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
