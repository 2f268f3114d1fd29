# Everything we type. `make help` lists it; .ci/run runs exactly these.

PORT ?= 8000
VAR ?= var
PYTHON ?= $(shell .ci/python)
BIN := .venv/bin
# Where `make journeys` finds a browser: the system's own, whatever it is called there.
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome google-chrome-stable,$(shell command -v $(name) 2>/dev/null)))
BENCH_VAR ?=
BENCH_STORIES ?= 1000000
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test test-pg check lint format types imports journeys bench bench-data lighthouse lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/run.stamp ## Start the demo agency on PORT (8000), keeping what it writes in VAR (var); ARGS="--stories 5000 --live"
	@exec env DATELINE_VAR="$(VAR)" DATELINE_PORT="$(PORT)" \
		DATELINE_BASE_URL="http://127.0.0.1:$(PORT)" $(BIN)/dateline demo --serve $(ARGS)

test: .venv/test.stamp ## Run the whole suite on SQLite; ARGS="..." goes to pytest
	@env -u DATELINE_TEST_DATABASE_URL $(BIN)/pytest -n auto -m "not journey" $(ARGS)

test-pg: .venv/test.stamp ## Run the same suite on the PostgreSQL at DATELINE_TEST_DATABASE_URL
	@url="$${DATELINE_TEST_DATABASE_URL:-postgresql:///postgres}"; \
	if $(BIN)/python -c 'import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=5)' "$$url" 2>/dev/null; then \
		DATELINE_TEST_DATABASE_URL="$$url" $(BIN)/pytest -n auto -m "not journey" $(ARGS); \
	else \
		echo "Skipped: no PostgreSQL lets us in at $${url##*@}. Set DATELINE_TEST_DATABASE_URL, or start one: .ci/postgres start FOLDER"; \
		test -z "$$CI"; \
	fi

journeys: .venv/test.stamp ## Walk from the editor's click to the reader's page in the system's Chromium
	@test -n "$(CHROMIUM)" || { echo "No Chromium found. Install it (apt install chromium), or name it: make journeys CHROMIUM=/path/to/it"; exit 1; }
	@env -u DATELINE_TEST_DATABASE_URL CHROMIUM="$(CHROMIUM)" $(BIN)/pytest -m journey -p no:randomly $(ARGS)

check: lint types imports test ## Lint, types, import contracts and tests: what has to pass before a commit

lint: .venv/test.stamp ## Look for faults and for formatting of its own kind
	@$(BIN)/ruff check .

format: .venv/test.stamp ## Mend what ruff can mend
	@$(BIN)/ruff check --fix-only --quiet .

types: .venv/test.stamp ## Check the types
	@$(BIN)/mypy

imports: .venv/test.stamp ## Check who imports whom
	@$(BIN)/lint-imports

# BENCH_VAR is a data folder with a large demo, as `make bench-data` makes one; without it each
# benchmark of the read path makes a small one for itself. What fails is named at the end, and does
# not keep the others from running.
bench: .venv/test.stamp ## Measure; results go to bench/results; BENCH_VAR=folder of `make bench-data` for a large archive
	@for name in nginx wrk; do command -v $$name >/dev/null || \
		echo "No $$name: a page from memory is not measured beside nginx. apt install nginx wrk"; done
	@failed=; \
	for name in queries visible flash schedule bulk wire push; do $(BIN)/python -m bench.$$name || failed="$$failed $$name"; done; \
	for name in read_path freshness live memory newsroom; do \
		$(BIN)/python -m bench.$$name $(if $(BENCH_VAR),--var "$(BENCH_VAR)") || failed="$$failed $$name"; done; \
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m bench.lighthouse || failed="$$failed lighthouse"; \
	$(BIN)/python -m bench.table; \
	test -z "$$failed" || { echo "These did not end well:$$failed"; exit 1; }

bench-data: .venv/run.stamp ## Make a demo of BENCH_STORIES (1,000,000) in the folder BENCH_VAR, to measure on
	@test -n "$(BENCH_VAR)" || { echo "Say where: make bench-data BENCH_VAR=/path"; exit 1; }
	@DATELINE_VAR="$(BENCH_VAR)" $(BIN)/dateline prepare
	@DATELINE_VAR="$(BENCH_VAR)" $(BIN)/dateline demo --stories $(BENCH_STORIES)

lighthouse: .venv/test.stamp ## Score every kind of page with Lighthouse (from npm) in the system's Chromium
	@CHROMIUM="$(CHROMIUM)" $(BIN)/python -m bench.lighthouse $(ARGS)

lock: .venv/test.stamp ## Choose versions anew and write them with their hashes to requirements/
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@$(LOCK) $(ARGS) pyproject.toml requirements/run.in --output-file requirements/run.txt
	@$(LOCK) $(ARGS) --constraint requirements/run.txt pyproject.toml requirements/run.in requirements/test.in \
		--output-file requirements/test.txt

clean: ## Remove the environment and the tools' caches; what the demo wrote stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A stamp holds the hash of what it was made from: pip runs when a lock file changes, and a second
# start costs one file comparison.
.venv/run.stamp: requirements/run.txt pyproject.toml .ci/environment
	@.ci/environment run "$(PYTHON)"

.venv/test.stamp: requirements/run.txt requirements/test.txt pyproject.toml .ci/environment
	@.ci/environment test "$(PYTHON)"
