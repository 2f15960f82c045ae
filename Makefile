# The same commands everywhere: on a desk, on a server and in the checks of every change.
# Needs make and Python 3.11 or newer, nothing else. “make help” lists the commands.

PORT ?= 8000
YEAR ?= yanbian-2019

BIN := .venv/bin
PY := $(BIN)/python
MANAGE := $(PY) manage.py
# One process a core, each with a database of its own. A process takes tests in a row, which share
# their ground (tests/grounds.py); one that is done takes over half of what another has left.
TESTS := $(PY) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check \
	--require-hashes --no-deps --only-binary :all: --no-compile
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(if $(UPGRADE),--upgrade)

# Everything here is development; a server is started as docs/operations.md says.
export DEBUG := 1
# Without bytecode every process compiles all it imports, and pytest rewrites every test anew.
unexport PYTHONDONTWRITEBYTECODE
# Where every change is checked nothing may be skipped for want of a part.
ifeq ($(CI),true)
export QY_REQUIRE_ALL := 1
endif

.DEFAULT_GOAL := help
.PHONY: help run test test-sqlite test-postgresql check form nightly hold bench calibrate mutate lock wheelhouse fmt translations clean
# Two things at a time: a browser waits much, and types are checked on one core.
MAKEFLAGS += --jobs=2

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 28

run: .venv/base ## prepare everything, load the year and its demo figures, start the server
	@$(MANAGE) compile_catalogues
	@$(MANAGE) bundle_charts
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) setup_year $(YEAR)
	@$(MANAGE) demo --address http://127.0.0.1:$(PORT)/
	@exec $(MANAGE) runserver 127.0.0.1:$(PORT) </dev/null

test: test-sqlite test-postgresql ## run the tests on SQLite and on a throw-away PostgreSQL if there is one

test-sqlite: .venv/dev ## run the tests on SQLite, those in the browser too
	DATABASE_URL= $(TESTS) tests/scoring $(COVERAGE)
	DATABASE_URL= $(TESTS) --ignore=tests/scoring

test-postgresql: .venv/dev ## run what hangs on the database on a throw-away PostgreSQL
	$(PY) tests/postgres.py $(TESTS) $(BESIDE) tests/courts tests/hold tests/upgrades

# “make check test” runs each suite once: make builds a target once in a call.
# Counting branches makes everything slower; it is asked for where all must be taken.
check: COVERAGE := --cov=scoring --cov-report=
# It is done long before the tests on SQLite, which run beside it: it leaves them the cores.
check: BESIDE := --maxprocesses 1
check: form test ## everything a change must pass
	$(BIN)/coverage report --include="scoring/*" --fail-under=100
	@if [ -e tests/golden/regenerate.py ]; then \
		$(PY) tests/golden/regenerate.py && git diff --exit-code -- tests/golden; \
	fi

form: .venv/dev ## what needs no test run: format, lint, types, shape, migrations, catalogues, rulebook
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check_catalogues
	$(MANAGE) check_rulebook scoring/rulebooks/$(YEAR)

# Of 389 prefectures with 3,501 courts; SCALE=1 builds all of them.
SCALE ?= 0.1
bench: .venv/dev ## time the engine beside NumPy, the ballot, pages beside one that does nothing, fifty people, imports, a country; SCALE=1
	$(PY) -m tests.bench --strict
	$(PY) -m tests.bench.ballots
	$(PY) -m tests.bench.pages
	$(PY) -m tests.bench.saves
	$(PY) -m tests.bench.people
	$(PY) -m tests.bench.imports
	$(PY) tests/postgres.py $(PY) -m tests.bench.province --scale $(SCALE)

calibrate: .venv/dev ## how often forecasts and rank ranges keep their word, in made-up court-years
	$(PY) -m tests.calibration $(YEARS)

nightly: .venv/dev ## what takes long: many random years, long walks, mutations, figures of bench
	QY_NIGHTLY=1 DATABASE_URL= $(TESTS)
	QY_NIGHTLY=1 $(PY) tests/postgres.py $(TESTS) tests/courts tests/upgrades tests/test_*.py
	HYPOTHESIS_PROFILE=nightly $(TESTS) tests/scoring
	$(MAKE) mutate
	$(MAKE) hold
	$(MAKE) bench
	$(PY) -m tests.bench.people --minutes 30
	$(MAKE) calibrate

# All of it is half an hour on each database with two cores. QY_HOLD_SCALE=0.05 is a short look.
HELD := tests/hold tests/courts/ballots/test_linking.py
hold: export QY_HOLD_SCALE := $(or $(QY_HOLD_SCALE),1)
hold: .venv/dev ## kill, fill, fuzz, poison, link: print what was lost (nothing); QY_HOLD_SCALE, QY_HOLD_SEED
	DATABASE_URL= $(TESTS) $(HELD)
	$(PY) tests/postgres.py $(TESTS) $(HELD)

mutate: .venv/dev ## weaken the ballot's checks one at a time: the tests must notice (minutes)
	$(PY) -m tests.ballots.mutate

lock: .venv/dev ## pin the dependencies again; UPGRADE=1 takes the newest
	$(LOCK) pyproject.toml --output-file requirements/base.txt
	$(LOCK) pyproject.toml --extra sign-on --constraint requirements/base.txt \
		--output-file requirements/sign-on.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements/sign-on.txt \
		--output-file requirements/dev.txt

# For a machine without a way out. Which Python it has says `python3 --version` there.
WHEELS_FOR ?= 3.12
# sign-on.txt has besides what a portal for signing in speaks.
REQUIREMENTS ?= base.txt
FETCH := $(PY) -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
	--only-binary :all: --implementation cp --python-version $(WHEELS_FOR) -r requirements/$(REQUIREMENTS)
wheelhouse: .venv/bin/python ## fetch the packages for Linux and Windows machines that are offline; WHEELS_FOR=3.11
	$(FETCH) --dest wheelhouse/linux --platform manylinux_2_28_x86_64 \
		--platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
		--platform manylinux_2_12_x86_64 --platform manylinux_2_5_x86_64 --platform any
	$(FETCH) --dest wheelhouse/windows --platform win_amd64

fmt: .venv/dev ## format the sources and repair what can be repaired
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

translations: .venv/dev ## bring the catalogues in line with the sources, then compile them
	$(MANAGE) check_catalogues --update
	$(MANAGE) compile_catalogues

clean: ## remove what was made, except the database
	rm -rf .venv .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -rf wheelhouse staticfiles locale/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The newest Python that has what an environment needs; some names exist without working.
.venv/bin/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
		if $$python -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" \
			>/dev/null 2>&1; then exec $$python -m venv .venv; fi; \
	done; \
	echo "Quality Year needs Python 3.11 or newer with its venv module, and found none." >&2; \
	echo "Install one (Debian: python3 and python3-venv) or name it: make PYTHON=/path/to/it" >&2; \
	exit 1

.venv/base: requirements/base.txt | .venv/bin/python
	@echo "Installing what requirements/base.txt names …"
	@$(INSTALL) -r requirements/base.txt
	@touch $@

.venv/dev: requirements/dev.txt requirements/base.txt | .venv/bin/python
	@echo "Installing what requirements/dev.txt names …"
	@$(INSTALL) -r requirements/dev.txt
	@touch .venv/base $@
