# `make help` lists what there is. Settings are passed as in `make run PORT=8123 VAR=/some/where`.
VENV ?= .venv
BIN := $(VENV)/bin
export VENV

.DEFAULT_GOAL := help
.PHONY: help run test test-slow screenshots check format settings clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "make %-10s %s\n", $$1, $$2 }'

run: ## Install what is missing, start everything, print the address (Ctrl-C stops all of it)
	@bin/install run
	@exec env --block-signal=INT,TERM,HUP $(BIN)/python -m webapp.supervision

test: ## Install what is missing and run all tests, on SQLite and on PostgreSQL
	@bin/install test
	@bin/test

test-slow: ## Run the tests that are longer by nature (soak, kill tables)
	@bin/install test
	@$(BIN)/python -m pytest -m slow
	@HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -q -m "not slow and not browser" \
		$$(grep -rlE '^from hypothesis' tests --include='test_*.py')

screenshots: ## Take the pictures of the README anew
	@bin/install test
	SCREENSHOTS=docs/img $(BIN)/python -m pytest -q tests/e2e/test_newcomer.py

check: ## Check format, style, types and spelling
	@bin/install test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict webapp
	$(BIN)/codespell

format: ## Bring the code into the house's format
	@bin/install test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

settings: ## Write .env.example out of the settings
	@bin/install run
	$(BIN)/python -m webapp.supervision.env_example >.env.example.new
	mv .env.example.new .env.example

clean: ## Remove the virtual environment and all caches; keeps var/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/output
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
