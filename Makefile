# A newcomer needs two commands. Each makes .venv first if there is none.
#   make demo    the whole flow on a sample class
#   make test    everything a contributor needs: lint, types, tests
# CONTRIBUTING.md explains the longer ones, such as make parity: three graders on the same notebooks of the whole course.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# PART=2/3, for test, interop and audit: the second of three parts of the tests, so that three machines share them.
PART_OF := $(subst /, ,$(PART))
SHARE := $(if $(PART),--group $(word 1,$(PART_OF)) --splits $(word 2,$(PART_OF)) --splitting-algorithm)
EVERY_NTH := $(if $(PART),$(SHARE) least_duration)
IN_A_ROW := $(if $(PART),$(SHARE) duration_based_chunks)

.PHONY: demo test docs interop audit stability flaky parity reference scenes explain scores overload bench bench-cluster bench-reference ci-minutes ci-class scale siege attack-bench fuzz faults portal-kills load messages syscalls path-calls lock release dist screenshots clean
.DELETE_ON_ERROR:

demo: $(READY)
	@$(BIN)/autograder demo

# Four tests run at a time on two cores, because a test of limits mostly waits. Images of Python often switch off the
# files of compiled code. These tests start some hundred processes, and each would compile this package again.
test: $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n 4 --dist worksteal $(EVERY_NTH) -m "not real_tools and not exhaustive"

# Tests that run nbgrader, otter-grader, formgrader, Jupyter, Chromium, pip or PostgreSQL themselves. They mostly test what others
# made, and take as long as a third of `make test`.
interop: $(READY)
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder $(IN_A_ROW) -m real_tools

# Every sample and variant of the course's solutions, and every twelfth mutant; `make test` tries a part of them.
# MUTANTS=all: each mutant.
audit: $(READY)
	$(if $(MUTANTS),MUTANTS=$(MUTANTS) )$(BIN)/pytest -q -n 2 --dist load $(EVERY_NTH) -m exhaustive

fuzz: $(READY)
	$(BIN)/python tests/fuzz/soak.py

stability: $(READY)
	DRAWS=50 $(BIN)/pytest -q -n 2 --dist load tests/audit/test_stability.py

# SEED=7: that run once more.  TESTS="tests/reports": these only.
flaky: $(READY)
	$(BIN)/python tests/flaky.py --runs $(or $(RUNS),10) --busy $(or $(BUSY),8) $(if $(SEED),--seed $(SEED)) $(TESTS)

parity: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/interop/executor_parity.py
	PYTHONPATH=tests $(BIN)/python tests/otter_courses/parity.py
	PYTHONPATH=tests $(BIN)/python tests/importing/parity.py
	PYTHONPATH=tests $(BIN)/python tests/interop/parity.py

# The documentation as a site of plain files. A warning, such as a link to nowhere, stops it.
docs: $(READY)
	@$(BIN)/sphinx-build -E -a -W --keep-going -q -b html -d work/docs-trees docs work/docs
	@echo "Open work/docs/index.html"

reference: $(READY)
	PYTHONPATH=tests $(BIN)/python -m reference_pages

# The hand-out scenes.py of each assignment, from reference_impl/figures/scenes.
scenes: $(READY)
	$(BIN)/python -m reference_impl.figures.one_file

# The page that students open first, the copy that they get, and one of its pictures for the documentation.
explain: $(READY)
	$(BIN)/python -m reference_impl.figures.scenes.page
	cp docs/explain.html assignments/explain.html

scores: $(READY)
	$(BIN)/python tests/pin_scores.py

# ROUNDS=2: instead of five.  STUDENTS=4: of the demo's class, for each assignment.
overload: $(READY)
	$(BIN)/python tests/overload.py $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(STUDENTS),--students $(STUDENTS))

bench: $(READY)
	PYTHONPATH=tests $(BIN)/python -m benchmarks $(if $(FULL),--full)
	PYTHONPATH=tests $(BIN)/python tests/benchmarks/otter_cases.py
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MPLBACKEND=Agg PYTHONPATH=tests $(BIN)/python tests/benchmarks/kinds.py

bench-cluster: $(READY)
	$(BIN)/python tests/benchmarks/cluster_efficiency.py

scale: $(READY)
	$(BIN)/python tests/benchmarks/scale_simulation.py

# STUDENTS=300: of the class.  ASSIGNMENTS=3: that each hands in.
ci-minutes: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/benchmarks/ci_minutes.py $(if $(STUDENTS),--students $(STUDENTS)) \
	  $(if $(ASSIGNMENTS),--assignments $(ASSIGNMENTS))

# STUDENTS=60: a smaller class.
ci-class: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/ci/large_class.py $(if $(STUDENTS),--students $(STUDENTS))

# The other libraries take 6 GB: tests/benchmarks/reference.py says how to install them in a separate environment.
BENCH_PYTHON ?= $(BIN)/python
bench-reference: $(READY)
	PYTHONPATH=. $(BENCH_PYTHON) tests/benchmarks/reference.py

siege: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/attacks/siege.py

# ONLY=F6-allclose,X4: these payloads only.  TOOLS=A,B: these tools only.  PAGE=SECURITY.md: write the last run's table.
attack-bench: $(READY)
	PYTHONPATH=tests $(BIN)/python -m attacks.bench $(if $(ONLY),--only $(ONLY)) $(if $(TOOLS),--tools $(TOOLS)) $(if $(PAGE),--page $(PAGE))

# ROUNDS=1000: instead of 300.
messages: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/benchmarks/messages.py $(if $(ROUNDS),--rounds $(ROUNDS))

syscalls: $(READY)
	PYTHONPATH=tests $(BIN)/python tests/sandbox/system_calls.py

path-calls: $(READY)
	$(BIN)/python tests/sandbox/path_calls.py

faults: $(READY)
	$(BIN)/python tests/faults/kills.py --runs 200

portal-kills: $(READY)
	PYTHONPATH=tests $(BIN)/python -m portal.portal_kills $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

# STUDENTS=40: hand-ins.  SECONDS=10: in which they come.  IDLE=5: hand-ins one after another.
load: $(READY)
	PYTHONPATH=tests $(BIN)/python -m benchmarks.portal_load $(if $(STUDENTS),--students $(STUDENTS)) \
	  $(if $(SECONDS),--seconds $(SECONDS)) $(if $(IDLE),--idle $(IDLE))

release: $(READY)
	$(BIN)/autograder release

# jedi and parso complete what a person types at IPython's prompt. They are 33 MB, and grading imports neither.
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev \
	  --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --group pyproject.toml:grade \
	  -c requirements.lock --no-emit-package jedi --no-emit-package parso --custom-compile-command "make lock" -o autograder/ci/requirements-grade.lock
	echo hatchling | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 -c requirements.lock \
	  --custom-compile-command "make lock" - -o containers/requirements-build.lock

# The two pictures of README.md. They need Chromium.
screenshots: $(READY)
	$(BIN)/autograder demo --out work/demo
	$(BIN)/python tests/screenshots.py work/demo/work/reports

# The source archive and the wheel in dist/, as PyPI gets them.
dist: $(READY)
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/twine check --strict dist/*
	$(BIN)/check-wheel-contents dist/*.whl

clean:
	rm -rf .venv work .mypy_cache .ruff_cache .pytest_cache .hypothesis

# uv installs in a tenth of the time. If uv is not available, pip reads the same lock file.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python: expected 3.11 or later, got %d.%d. Hint: make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "setting up .venv (once)"
	@$(PYTHON) -m venv .venv
	@$(PIP) uv 2>/dev/null || true
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock 2>/dev/null \
	  || { echo "installing with pip"; $(PIP) --require-hashes -r requirements.lock; }
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(READY)
