"""The files for containers: what they ask for, and that a builder takes them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from schemas import complaints

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTIONS = {"ARG", "FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "ENTRYPOINT", "CMD"}
PROFILE = json.loads((ROOT / "containers/seccomp.json").read_text())
# What bubblewrap calls to make tier A.
OF_BUBBLEWRAP = {"clone", "clone3", "unshare", "mount", "umount2", "pivot_root", "sethostname", "setns"}


def instructions(text):
    """[(instruction, its words)] of a Containerfile: without comments, and with continued lines joined."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in joined.splitlines()]


@pytest.fixture(scope="module")
def containerfile():
    return instructions((ROOT / "Containerfile").read_text())


@pytest.fixture(scope="module")
def last_stage(containerfile):
    """The instructions of the image that is kept."""
    start = max(i for i, (name, _) in enumerate(containerfile) if name == "FROM")
    return containerfile[start:]


def test_the_containerfile_has_only_instructions_that_every_builder_knows(containerfile):
    assert {name for name, _ in containerfile} <= INSTRUCTIONS
    assert containerfile[0] == ("ARG", "BASE=docker.io/library/python:3.12-slim-bookworm")
    assert [words for name, words in containerfile if name == "FROM"] == ["${BASE} AS build", "${BASE}"]


def test_the_image_does_not_run_as_root_and_says_at_once_what_it_enforces(last_stage):
    users = [words for name, words in last_stage if name == "USER"]
    assert users == ["10001:10001"]
    assert [name for name, _ in last_stage[-2:]] == ["ENTRYPOINT", "CMD"]
    assert [json.loads(words) for _, words in last_stage[-2:]] == [["autograder"], ["doctor"]]
    assert "bubblewrap" in next(words for name, words in last_stage if name == "RUN")


def test_every_package_of_the_image_is_installed_by_its_hash_or_was_built_there(containerfile):
    runs = " && ".join(words for name, words in containerfile if name == "RUN")
    installs = [step.split() for step in runs.split("&&") if re.search(r"pip\b.*\b(install|wheel)\b", step)]
    assert len(installs) == 4
    for words in installs:
        of_a_lock = "--require-hashes" in words and words[-1] in {"requirements-grade.lock", "requirements-build.lock"}
        assert of_a_lock or {"--no-deps"} <= set(words) & {"--no-deps", "--no-index", "--no-build-isolation"}
    assert "requirements-grade.lock" in runs


def test_what_builds_the_wheel_is_a_part_of_the_lock():
    lock = (ROOT / "requirements.lock").read_text()
    text = (ROOT / "containers/requirements-build.lock").read_text()
    lines = [line.partition(" ;")[0].rstrip(" \\") for line in text.splitlines() if line and "#" not in line]
    assert any(line.startswith("hatchling==") for line in lines)
    assert not [line for line in lines if line not in lock]


def test_every_file_that_is_copied_is_let_through_and_nothing_that_a_class_makes(containerfile):
    """`.dockerignore` keeps out all that it does not name."""
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [rule for rule in rules if rule and not rule.startswith("#")]
    let_through = [rule[1:] for rule in rules if rule.startswith("!")]
    assert rules[0] == "*"
    assert all((ROOT / path).exists() for path in let_through)
    assert not {"work", ".git", ".venv", "assignments", "tests", "docs"} & set(let_through)
    named = [w for name, words in containerfile if name == "COPY" and "--from" not in words for w in words.split()[:-1]]
    assert all(path == "." or any(path == top or path.startswith(f"{top}/") for top in let_through) for path in named)
    project = (ROOT / "pyproject.toml").read_text()
    included = re.findall(r'^"([^"]+)" = "autograder/_course', project, re.MULTILINE)
    assert {*included, "autograder", "reference_impl", "pyproject.toml", "hatch_build.py"} <= set(let_through)


def test_the_profile_refuses_what_no_grader_needs_and_nothing_that_bubblewrap_needs():
    assert PROFILE["defaultAction"] == "SCMP_ACT_ALLOW"
    (rule,) = PROFILE["syscalls"]
    assert rule["action"] == "SCMP_ACT_ERRNO"
    assert {"bpf", "init_module", "kexec_load", "io_uring_setup", "keyctl"} <= set(rule["names"])
    assert not OF_BUBBLEWRAP & set(rule["names"])
    assert rule["names"] == sorted(set(rule["names"]))
    assert f"but for {len(rule['names'])} calls" in " ".join((ROOT / "docs/containers.md").read_text().split())


def test_the_compose_file_is_what_the_compose_specification_asks_for():
    assert complaints("compose-spec", (ROOT / "compose.yaml").read_text()) == []
    assert complaints("compose-spec", "services: {a: {imagge: x}}")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def test_the_portal_has_no_right_but_to_make_its_sandbox(services):
    portal = services["portal"]
    assert portal["cap_drop"] == ["ALL"]
    assert "cap_add" not in portal
    assert "privileged" not in portal
    assert portal["read_only"] is True
    assert "no-new-privileges:true" in portal["security_opt"]
    (profile,) = [option for option in portal["security_opt"] if option.startswith("seccomp=")]
    assert (ROOT / profile.removeprefix("seccomp=")).is_file()
    assert [v.rpartition(":")[2] for v in portal["volumes"]] == ["ro", "/course/work"]


def test_only_the_proxy_can_be_reached_and_the_portal_believes_no_other(services):
    portal, proxy = services["portal"], services["proxy"]
    assert "ports" not in portal
    assert portal["network_mode"] == "service:proxy"
    assert portal["command"][:3] == ["serve", "--behind-proxy", "127.0.0.1"]
    assert proxy["ports"] == ["80:80", "443:443"]


def test_the_pod_of_the_page_asks_for_tier_a_and_for_no_capability():
    """Kubernetes refuses `Unmasked` in the node's own user namespace."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs/containers.md").read_text(), re.MULTILINE | re.DOTALL)
    pod = yaml.safe_load(block)["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    context = container["securityContext"]
    assert pod["hostUsers"] is False
    assert pod["automountServiceAccountToken"] is False
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsNonRoot"]) == (10001, True)
    assert (context["capabilities"], context["allowPrivilegeEscalation"]) == ({"drop": ["ALL"]}, False)
    assert (context["procMount"], context["seccompProfile"], context["appArmorProfile"]) == ("Unmasked", {"type": "Unconfined"}, {"type": "Unconfined"})  # fmt: skip


def test_the_package_that_the_page_adds_is_one_that_this_project_is_tested_with():
    (pin,) = re.findall(r"bin/python install (\S+==\S+)", (ROOT / "docs/containers.md").read_text())
    assert (
        f"\n{pin} \\\n" in (ROOT / "requirements.lock").read_text()
        or f"\n{pin} ;" in (ROOT / "requirements.lock").read_text()
    )


@pytest.mark.parametrize("place", [".devcontainer/devcontainer.json", "autograder/release/starter/devcontainer.json"])
def test_a_development_container_is_json_without_root_and_runs_files_that_there_are(place):
    settings = json.loads((ROOT / place).read_text())
    assert settings["remoteUser"] == "vscode"
    assert settings["image"].startswith("mcr.microsoft.com/devcontainers/python:3.")
    assert "--privileged" not in settings.get("runArgs", [])
    command = settings["postCreateCommand"]
    assert "make .venv/.ready" in command or "-r requirements.txt" in command


def builder():
    """The first of the programs that build images and has what it needs; "" if none has."""
    for name in ("docker", "podman", "buildah"):
        if shutil.which(name) and subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return ""


@pytest.mark.real_tools
def test_a_builder_makes_the_image_and_its_doctor_finds_a_tier():
    tool = builder()
    if not tool:
        pytest.skip("neither Docker's engine nor Podman nor Buildah can be used here")
    build = [tool, "build", "--file", "Containerfile", "--tag", "backprop-course:test", "."]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    if re.search(r"no such host|dial tcp|connection refused|pinging container registry", built.stderr):
        pytest.skip(f"{tool}: no registry can be reached from here")
    assert built.returncode == 0, built.stderr[-2000:]
    if tool == "buildah":
        return
    said = subprocess.run(
        [tool, "run", "--rm", "backprop-course:test"], capture_output=True, text=True, timeout=300, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert re.search(r"^yes +tier [AB]: held", said.stdout, re.MULTILINE), said.stdout
