# `make` prints this help. The two commands of the README are `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix frontend
STATIC := amparo/server/static
LEARNT := amparo/assistant/prepared

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fast format generate browser clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready $(STATIC)/.ready $(LEARNT)/.ready ## make .venv, build the front end, teach the assistant

demo: setup ## run Amparo with the demo marketplace "Mercadia"
	@$(BIN)/python -m demo $(ARGS)

test: setup browser ## all tests, in a browser too
	@$(NPM) test
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

fast: setup ## the tests without browser, servers, matrices and fuzzing
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not browser and not fault and not fuzz and not slow" $(ARGS)

check: setup ## format, lint, types
	@$(BIN)/ruff format --check --quiet . || { echo "make format would mend this"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(NPM) run check

format: setup ## write the code as the formatters want it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(NPM) run format

generate: setup ## OpenAPI document and the client made of it
	@$(BIN)/amparo openapi > frontend/openapi.json
	@$(NPM) run generate

browser: .venv/.ready ## find or install Chromium and fonts
	@scripts/browser.sh

clean: ## remove what can be made again; never data
	rm -rf .venv frontend/node_modules $(STATIC) $(LEARNT) .mypy_cache .ruff_cache .pytest_cache

.venv/.ready: pyproject.toml requirements.lock scripts/venv.sh
	@PYTHON="$(PYTHON)" scripts/venv.sh
	@touch $@

FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
$(STATIC)/.ready: .venv/.ready $(FRONTEND)
	@scripts/frontend.sh
	@touch $@

CONTENT := $(wildcard amparo/help_centre/content/*.toml amparo/assistant/examples/*.toml)
$(LEARNT)/.ready: .venv/.ready $(CONTENT) $(wildcard amparo/assistant/*.py)
	@$(BIN)/python -m amparo.assistant.prepare
	@touch $@
