PYTHON ?= python3
BIN := .venv/bin
EMBEDDED := $(BIN)/python -m config.embedded
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo demo-check run stop status test test-oracles test-tools screenshots lint format \
	bench bench-science lock \
	api-types

help: ## List the commands
	@echo 'make COMMAND, with one of'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo
	@echo 'Settings: AFFECTORY_PORT (8000), AFFECTORY_HOST (127.0.0.1), AFFECTORY_DATA (.affectory; the demo'
	@echo 'has .affectory-demo), and PYTHON=python3.12 to choose the Python. Two copies run side by side with'
	@echo 'different ports and data folders. All variables are in .env.example.'
	@echo 'Tests that need Chromium, Redis, RabbitMQ, curl or PyTorch are left out, and named, where these are missing:'
	@echo '  apt-get install -y chromium redis-server rabbitmq-server curl'
	@echo '  .venv/bin/python -m pip install torch==2.13.0'

setup: ## Install only: virtual environment, locked packages, pages
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

demo: setup ## Run the whole main job on generated data, then serve it until Ctrl-C
	@$(EMBEDDED) demo

demo-check: setup ## The same without serving; exit code 0 when all of it worked
	@$(EMBEDDED) demo-check

run: setup ## Serve with an empty, persistent data folder until Ctrl-C
	@$(EMBEDDED) run

stop: ## Stop what `make run` or `make demo` has started
	@$(EMBEDDED) stop

status: ## Say what is running
	@$(EMBEDDED) status

test: setup-dev ## Run all checks and tests: Python, TypeScript, browser
	@$(BIN)/python scripts/check.py

test-oracles: .venv-oracles/installed ## Compare the science with crowd-kit, pingouin, irrCAC, pygamma (own environment)
	@PYTHONPATH=.:platform .venv-oracles/bin/python -m pytest -c tests/oracles/pytest.ini \
		tests/oracles tests/affectory/test_warping_engines.py

test-tools: .venv-tools/installed ## Open each view with the tool that it is for (own environment)
	@PYTHONPATH=.:platform .venv-tools/bin/python -m pytest -c tests/views_tools/pytest.ini tests/views_tools

.venv-%/installed: requirements/%.txt
	@$(PYTHON) -m venv --clear .venv-$*
	@.venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --no-deps --requirement $<
	@touch $@

screenshots: setup-dev ## Walk all pages in a browser; pictures at 360 and 1440 px, light and dark, in screenshots/
	@mkdir -p screenshots
	@AFFECTORY_SCREENSHOTS=$(CURDIR)/screenshots $(BIN)/python -m pytest -q -n 2 --dist worksteal tests/browser

lint: setup-dev ## Run the checks without the tests
	@$(BIN)/python scripts/check.py --no-tests

format: setup-dev ## Format Python and TypeScript
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python scripts/npm.py run fix

bench: setup-dev ## Run the benchmarks, each against its baseline, and print one table
	@$(BIN)/python scripts/bench.py

bench-science: .venv-bench/installed ## Run the benchmarks of the science beside crowd-kit, tslearn, numba (own environment)
	@PYTHONPATH=.:platform .venv-bench/bin/python -m benchmarks.science

lock: ## Make requirements/*.txt again from pyproject.toml (needs uv)
	@for group in server dev node bench oracles tools; do \
		$(LOCK) --group $$group --output-file requirements/$$group.txt || exit 1; done

api-types: setup-dev ## Make frontend/openapi.json and the TypeScript types again from the OpenAPI schema
	@$(BIN)/python manage.py spectacular --format openapi-json --file frontend/openapi.json --validate --fail-on-warn
	@$(BIN)/python scripts/npm.py run api-types
