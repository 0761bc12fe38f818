# Every command starts from a bare checkout: it brings its own environment (see scripts/setup.py).
.PHONY: help run assets test test-fast check format bench services-up services-down clean

SYSTEM_PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $$p && break; done)
SETUP = $(if $(SYSTEM_PYTHON),$(SYSTEM_PYTHON) scripts/setup.py,$(error Python 3.11 or newer is needed))
PYTHON = .venv/bin/python
PORT ?= 8000

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 16

run: ## Serve web, worker and scheduler on http://127.0.0.1:8000/ (PORT=…)
	@$(SETUP) --assets --env
	@PORT=$(PORT) $(PYTHON) -m scripts.run

assets: ## Fetch the front-end libraries into static/vendor
	@$(SETUP) --assets

test: ## Run every test, with PostgreSQL, Redis and a browser
	@$(SETUP) --dev --assets
	@$(PYTHON) -m scripts.services test $(ARGS)

test-fast: ## Run tests in one process on kept services (ARGS="tests/core -q")
	@$(SETUP) --dev --assets
	@$(PYTHON) -m scripts.services fast $(ARGS)

services-up: ## Start the test services and keep them; prints their addresses
	@$(SETUP) --dev
	@$(PYTHON) -m scripts.services up

services-down: ## Stop the kept test services
	@$(PYTHON) -m scripts.services down

check: ## Format, lint, types, import directions, migrations, templates, deployment
	@$(SETUP) --dev --assets
	@$(PYTHON) -m scripts.check

format: ## Rewrite the code in the project's format
	@$(SETUP) --dev
	@.venv/bin/ruff check --fix-only -q . && .venv/bin/ruff format -q .

bench: ## Print the benchmark table as JSON lines
	@$(SETUP) --dev --assets
	@$(PYTHON) -m scripts.services bench $(ARGS)

clean: ## Remove what was fetched or built, but no data
	rm -rf .venv node_modules static/vendor staticfiles .mypy_cache .ruff_cache .pytest_cache
