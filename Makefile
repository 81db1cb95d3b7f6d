# Everything runs in .venv, which the first target makes; nothing is installed elsewhere.
RECENT := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c '$(RECENT)' 2>/dev/null && echo $$p && break; done)
VENV   ?= .venv
BIN    := $(VENV)/bin
OUT    ?= out
DEVSET ?= ../shared/devset
BENCH  ?=
SECONDS ?= 600
KILLS  ?= 50
# What `make test-system` drives: a browser, an office suite, and the producers of dumps and archives.
PROGRAMS := chromium npm soffice mariadbd pg_dump sqlite3 7zz zip zstd ar
PACKAGES := chromium npm libreoffice-calc-nogui mariadb-server postgresql sqlite3 7zip zip bzip2 xz-utils zstd binutils
NEEDED := apt-get install -y python3 python3-venv make

.DEFAULT_GOAL := check
.DELETE_ON_ERROR:
.PHONY: help demo check lint types test test-system fuzz kill golden docs docs-check samples bench eval wheel clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## scan the sample leaks into out/, print the summary of one
	@set -e; for leak in lab clinic; do $(BIN)/triage scan samples/$$leak.csv -o $(OUT)/$$leak -q; done
	@$(BIN)/triage report $(OUT)/lab/impact.json
	@echo
	@echo "Open $(OUT)/lab/impact.html: the report with its map, charts and tables, one file that needs no network."
	@echo "All reports are in $(OUT)/lab and $(OUT)/clinic; in English: $(BIN)/triage report $(OUT)/lab --lang en"

check: lint types test docs-check ## all that must hold before a commit (the default)

lint: $(VENV)/.dev ## ruff: rules and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

test: $(VENV)/.dev ## the tests
	@$(BIN)/python -m compileall -q triage # a worker writes no file: what is not compiled, each compiles anew
	$(BIN)/pytest -q -n 2 --dist loadgroup

test-system: $(VENV)/.system ## the tests that need a browser, an office suite, databases: installs Debian's where they are missing
	$(BIN)/pytest -q -n 2 tests/browser tests/system

fuzz: $(VENV)/.dev ## damaged and mutated input for every reader and unpacker, SECONDS of processor time in all (docs/fuzzing.md)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]' || true
	$(BIN)/python fuzz/run.py --seconds $(SECONDS)

kill: $(VENV)/.dev ## kill scans at random and go on with each (KILLS=50)
	$(BIN)/python scripts/kill.py $(KILLS)

golden: $(VENV)/.dev ## write the expected results of tests/golden again; read the diff before you commit it
	$(BIN)/python scripts/build_golden.py

docs: $(VENV)/.run ## write the generated tables of docs/ again
	$(BIN)/python scripts/build_docs.py

docs-check: $(VENV)/.run
	$(BIN)/python scripts/build_docs.py --check

samples: $(VENV)/.run ## make the committed sample leaks again, with their truth
	$(BIN)/triage samples make lab --rows 300 -o samples/lab.csv
	$(BIN)/triage samples make clinic --rows 300 -o samples/clinic.csv

bench: $(VENV)/.run ## whole processes against the yardstick and peers, up to 1 GB (BENCH=options of scripts/bench.py)
	$(BIN)/python scripts/bench.py --peers $(BENCH)

eval: $(VENV)/.run ## measure the labels, write docs/accuracy.md (DEVSET=folder of labelled tables with score.py)
	$(BIN)/python scripts/eval.py --devset $(DEVSET) --out $(OUT)/eval

wheel: $(VENV)/.dev ## build the wheel into dist/
	$(BIN)/python -m build --wheel --outdir dist .

clean: ## remove what the targets made
	rm -rf $(VENV) $(OUT) bench dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with venv is needed. On Debian: $(NEEDED)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@$(BIN)/python -m compileall -q triage # a worker writes no file: what is not compiled, each compiles anew
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.run

$(VENV)/.system: $(VENV)/.dev
	@for c in $(PROGRAMS); do command -v $$c >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends $(PACKAGES); break; }; done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[system]'
	@touch $@
