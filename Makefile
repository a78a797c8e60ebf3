# 督办台 Duban. `make help` lists the commands; README tells what they are for.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
VENDOR := static/vendor/.installed
NPM    ?= $(shell command -v npm 2>/dev/null)
FLASK  := $(BIN)/flask --app app
HOST   ?= 127.0.0.1
PORT   ?= 8000
JOBS   ?= 2
FILES_OF_OTHERS := tabulator-tables/dist/js/tabulator_esm.min.mjs tabulator-tables/dist/css/tabulator_simple.min.css \
                   tabulator-tables/LICENSE
N      ?= 100000
V      ?=

export HOST PORT
.DEFAULT_GOAL := help
.PHONY: help install run test check bench demo matrix migration clean system

help: ## What can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(STAMP) $(VENDOR) ## Virtual environment with the pinned packages, front-end files; nothing of the system

# The stamp makes a second run start in seconds: it is older than the pins only when a pin changed.
$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, $(PYTHON) is older. Way out: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make virtual environments. Way out: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@touch $@

# The front-end files of others, as locked: by the machine's npm, else by the one of a Python wheel. Without them
# everything works and the editor of procedures is a plain table; so a failure is told and nothing stops.
$(VENDOR): package.json package-lock.json requirements-npm.txt | $(STAMP)
	@npm="$(NPM)"; if [ -z "$$npm" ]; then \
	  echo "No npm here: fetching one as a Python wheel (61 MB, only now)"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-npm.txt && npm=$(CURDIR)/$(BIN)/npm; \
	fi; \
	if [ -n "$$npm" ] && PATH="$(CURDIR)/$(BIN):$$PATH" "$$npm" ci --silent --ignore-scripts --no-audit --no-fund --fetch-retries=1; then \
	  mkdir -p $(@D) && for file in $(FILES_OF_OTHERS); do cp "node_modules/$$file" $(@D)/ || exit 1; done && touch $@; \
	else \
	  echo "Front-end files are missing (S12): the editor of procedures shows plain tables until they are there."; \
	  echo "Way out: make install again with a network, or copy from a machine that has one: static/vendor/"; \
	fi

run: install ## Migrate, set up at the first start, serve web and scheduler in one process (HOST, PORT, DATABASE_URL)
	@exec $(FLASK) serve

system: # What tests need of the system: PostgreSQL, Chromium, a Chinese font
	@sh tests/support/system.sh

test: install system ## Everything, on SQLite and on PostgreSQL, browser included
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q

check: install ## ruff, mypy, import contracts, house rules, templates, procedure documents; fast
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --lint --quiet templates
	@$(FLASK) procedures check
	@$(BIN)/python -m pytest -q tests/house --deselect tests/house/test_tools.py

matrix: install ## How many clauses of the requirements have a passing test, by procedure (V=1 lists the rest)
	@$(BIN)/python -m tests.matrix $(if $(V),--missing)

bench: install ## All benchmarks on data they make (N=100000)
	@$(BIN)/python -m bench --n $(N)

demo: install ## instance/demo.db (or DATABASE_URL) with a believable month, made by the verbs; prints three logins
	@DATABASE_URL="$${DATABASE_URL:-sqlite:///$${DUBAN_INSTANCE:-$(CURDIR)/instance}/demo.db}" $(FLASK) demo

migration: install # A new step from the difference between models and migrations: make migration M="what changes"
	@test -n "$(M)" || { echo 'Say what changes: make migration M="add remedy to complaint"'; exit 1; }
	@scratch=$$(mktemp -d) && export DUBAN_INSTANCE=$$scratch DATABASE_URL= && \
	  $(BIN)/alembic -q upgrade heads && $(BIN)/alembic revision --autogenerate -m "$(M)"; \
	  status=$$?; rm -rf $$scratch; exit $$status

clean: # Take away what the tools left
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/output
