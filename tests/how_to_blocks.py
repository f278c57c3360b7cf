"""What tests/test_how_to_pages.py does with each block of commands on the pages: run it so, or not at all, and why."""

from dataclasses import dataclass

NAME = "a1_gradient_ascent"
ADA = f"assignments/{NAME}/{NAME}.ipynb"
FOUND = 'autograder() { command autograder "$@" || [ $? -eq 1 ]; }\n'  # 1: the command found something to say
BARE = "git init -q --bare ../remote.git"  # in the place of a repository on GitHub
GIT = "git config --global user.name T; git config --global user.email t@example.org; git config --global core.pager cat\n"


@dataclass(frozen=True)
class Block:
    """A block that is run in a copy of the prepared course.

    page, begins: below the repository, and how the block begins there.  before: what is run before it.
    changes: (text of the block, what stands there instead), for what a test cannot have, such as a server.
    """

    page: str
    begins: str
    before: str = ""
    changes: tuple[tuple[str, str], ...] = ()


RUN = [
    Block("README.md", "autograder new a5_attention"),
    Block("docs/authoring-tests.md", "autograder new a8"),
    Block("docs/authoring.md", "autograder new a4_means"),
    Block(
        "docs/authoring.md",
        "autograder audit a4_means",
        "autograder new a4_means && autograder release a4_means && rm inbox/*\n"
        "cp assignments/a4_means/a4_means.ipynb inbox/ada.ipynb",
    ),
    Block("docs/by-hand.md", "autograder export nbgrader", changes=(("nbgrader formgrader ", "true "),)),
    Block("docs/ci.md", "autograder init my-course", GIT, ((" && cd", " > /dev/null && cd"),)),
    Block(
        "docs/ci.md",
        "autograder release --to ../starter\ngit -C ../starter init",
        GIT + BARE,
        (("https://github.com/my-class/backprop", "$PWD/../remote.git"),),
    ),
    Block(
        "docs/ci.md",
        "git add . && git commit",
        f"{GIT}{BARE}; git init -q -b main",
        (("https://github.com/my-class/grading", "../remote.git"),),
    ),
    Block("docs/classroom50.md", "autograder ci init --provider classroom50"),
    Block("docs/classroom50.md", "autograder ci classroom50 bundle"),
    Block(
        "docs/example-course/README.md",
        "cp -r docs/example-course",
        changes=(
            ("docs/example-course", "$REPOSITORY/docs/example-course"),
            (
                "autograder grade",
                "mkdir inbox; cp assignments/*/*.ipynb inbox/ada.ipynb; autograder collect inbox -a e1_bikes; autograder grade",
            ),
        ),
    ),
    Block("docs/hosts/README.md", "autograder collect FOLDER", changes=(("FOLDER", f"inbox -a {NAME}"),)),
    Block(
        "docs/jupyterhub.md", "autograder collect copied/", f"mkdir -p copied/ada/{NAME}; cp {ADA} copied/ada/{NAME}/"
    ),
    Block(
        "docs/otter.md",
        "autograder otter grade autograder.zip",
        f"cp work/otter/{NAME}/autograder.zip .; mkdir submissions; cp inbox/ada.ipynb submissions/",
    ),
    Block(
        "docs/regrading.md",
        "autograder diff",
        f"{FOUND}sed -i 's/points=7/points=6/; s/points=1)/points=2)/' solutions/{NAME}/hidden_checks.py\n"
        "autograder grade\n"
        "first=$(autograder diff --list | grep -o '\\b[0-9a-f]\\{6,\\}\\b' | tail -1)",
        (("diff 3f2a current", 'diff "$first" current'),),
    ),
    Block(
        "docs/results.md",
        "autograder verify work/results",
        changes=(("publish results", "publish work/results"), ("verify results", "verify work/results")),
    ),
    Block("docs/scale.md", "mkdir -p work && (umask", "rm -r work"),
    Block("docs/serving.md", 'pip install "backprop-course[portal]"', FOUND),
    Block("docs/serving.md", "autograder serve unit systemd"),
    Block(
        "docs/students.md",
        "autograder check",
        f"{FOUND}autograder release --to ../mine; cd ../mine; cp {NAME}/{NAME}.ipynb '{NAME} (1).ipynb'",
    ),
    Block(
        "docs/three-graders.md",
        "autograder grade ",
        before="autograder init ../whole > /dev/null; cp ../whole/nbgrader_config.py .",
        changes=(("nbgrader formgrader ", "true "),),
    ),
]

TOKEN = "it asks GitHub or GitLab, with a token; tests/ci has servers of its own"
CHECKOUT = "it is for a checkout of this repository, not for the wheel"
DOCKER = "it needs a program that builds images; tests/containers tries it where there is one"
PORTAL = "it needs a portal that runs; tests/portal has one"
HOSTS = "tests/hosts/test_host_pages.py runs it on a class of that host"
NOT_RUN = {
    ("README.md", "make demo"): CHECKOUT,
    (
        "README.md",
        "python3 -m venv .venv && source .venv/bin/activate",
    ): "it releases four assignments; docs/start has the same steps with one",
    ("docs/ci-rights.md", "autograder ci fetch-record"): TOKEN,
    ("docs/ci.md", "autograder ci repos"): TOKEN,
    ("docs/ci.md", "autograder ci fetch-record"): TOKEN,
    ("docs/ci.md", "read -rs AUTOGRADER_GIT_TOKEN"): TOKEN,
    ("docs/ci.md", "read -rs REPOS_TOKEN"): TOKEN,
    ("docs/ci.md", "autograder release --to ../starter\ngit -C ../starter add"): TOKEN,
    (
        "docs/classroom50.md",
        "autograder ci classroom50 students",
    ): "tests/ci runs it with the list that Classroom 50 gives",
    ("docs/containers.md", "docker build"): DOCKER,
    ("docs/containers.md", "mkdir -p course/work"): DOCKER,
    ("docs/containers.md", "autograder serve unit caddy"): DOCKER,
    ("docs/device.md", 'pip install "backprop-course[gpu]"'): "it needs a GPU",
    ("docs/hosts/blackboard.md", "autograder collect"): HOSTS,
    ("docs/hosts/brightspace.md", "autograder collect"): HOSTS,
    ("docs/hosts/canvas.md", "autograder collect"): HOSTS,
    ("docs/hosts/github-classroom.md", "autograder collect"): HOSTS,
    ("docs/hosts/gradescope.md", "autograder collect"): HOSTS,
    ("docs/hosts/moodle.md", "autograder collect"): HOSTS,
    (
        "docs/importing.md",
        "cd my-course",
    ): "it needs a course of nbgrader's and otter's; tests/importing runs it on five",
    ("docs/install-sizes.md", "pip install"): "it downloads 222 MB; tests/test_grading_machine.py imports that set",
    (
        "docs/jupyterhub.md",
        "autograder release",
    ): "it needs the exchange of a hub; tests/interop runs nbgrader's commands",
    ("docs/macos-and-windows.md", "sudo apt-get"): "it changes the machine",
    (
        "docs/otter.md",
        "autograder otter gradescope",
    ): "it needs Gradescope's container; tests/interop makes such folders",
    ("docs/performance.md", "make bench"): CHECKOUT,
    ("docs/scale.md", "cd my-course\narray=$(sbatch"): "it needs Slurm",
    ("docs/scale.md", "dask scheduler"): "it needs a cluster; tests/grading/cluster starts one",
    ("docs/serving.md", "autograder serve backup"): PORTAL,
    ("docs/serving.md", "autograder serve restore"): PORTAL,
    ("docs/serving.md", "autograder serve sync"): PORTAL,
    ("docs/serving.md", "chmod 600"): PORTAL,
    ("docs/serving.md", "curl -T"): PORTAL,
}
