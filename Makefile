# Everything starts here, on a machine with Python 3.11 to 3.13, git and make alone.
# The first target that needs it makes .venv; after that nothing is installed until a lock changes.

PYTHON ?= python3
SHARED ?= ../shared/data
PAGE := waymark-sample.html
EVALUATION := waymark-evaluation.html
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
CODE := bot adapters training tests

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/run-stamp ## Open a practice community in your browser, until Ctrl+C
	@$(BIN)/waymark community

.PHONY: community
community: run ## The same

.PHONY: replay
replay: .venv/run-stamp ## Replay the sample community and show what Waymark would have done
	@$(BIN)/waymark replay bot/data/community/discord bot/data/community/slack --html $(PAGE)
	@echo
	@echo "Where to look next:"
	@echo "  $(PAGE)    the same with charts; open it in a browser"
	@echo "  $(BIN)/waymark replay YOUR-EXPORT --html report.html    your own community"
	@echo "  $(BIN)/waymark read \"my offer expires friday, no idea what to do\"    why it reads so"
	@echo "  README.md    how to read the output, and its limits"

.PHONY: chromium
chromium: ## Install the browser that the page's tests drive (Debian, Ubuntu)
	@.ci/chromium

.PHONY: test
test: .venv/dev-stamp ## Format, lint, type, check imports, and test
	@$(MAKE) --no-print-directory --jobs=2 .check-types .tests

# Types keep one core for half a minute, where the tests have use for two.
.PHONY: .tests
.tests: .check-rest
	@$(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: check
check: .venv/dev-stamp ## The same without the tests
	@$(MAKE) --no-print-directory --jobs=2 .check-types .check-rest

# Types take longer than all the rest, on one core: the two run side by side.
.PHONY: .check-types .check-rest
.check-types:
	@$(BIN)/mypy

.check-rest:
	@$(BIN)/ruff format --check --quiet $(CODE) || { echo "Run: $(BIN)/ruff format $(CODE)"; exit 1; }
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/waymark check

.PHONY: bench
bench: .venv/dev-stamp ## Measure speed and memory
	@$(BIN)/python -m tests.bench

.PHONY: soak
soak: .venv/dev-stamp ## Kill the bot 200 times on each database, and see that nothing was lost
	@$(BIN)/python -m tests.soak

.PHONY: eval
eval: .venv/dev-stamp ## Measure how well messages are read
	@$(BIN)/python -m tests.evaluation > .venv/community.jsonl
	@$(BIN)/waymark evaluate tests/support/labelled/*.jsonl .venv/community.jsonl \
	  $(sort $(wildcard $(SHARED)/*.jsonl.gz)) --html $(EVALUATION)
	@$(BIN)/python -m tests.evaluation.fairness

.PHONY: train
train: .venv/train-stamp ## Make the weights again from the shared data (needs about 2 GB)
	@$(BIN)/python -m training --shared $(SHARED) --out bot/data/weights

.PHONY: lock
lock: ## Lock the dependencies again (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header pyproject.toml -o requirements/run.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --group dev pyproject.toml -o requirements/dev.lock

.PHONY: clean
clean: ## Remove what make made
	@rm -rf .venv $(PAGE) $(EVALUATION) .mypy_cache .ruff_cache .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Waymark needs Python 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.12 ..."; exit 1; }
	@$(if $(UV),uv venv --quiet --python "$$(command -v $(PYTHON))" .venv,$(PYTHON) -m venv .venv)

.venv/run-stamp: requirements/run.lock pyproject.toml | .venv/bin/python
	@test -e .venv/dev-stamp || { echo "Installing what Waymark needs (once) ..."; \
	  $(call install,requirements/run.lock); }
	@touch $@

.venv/dev-stamp: requirements/dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the tests need (once) ..."
	@$(call install,requirements/dev.lock)
	@touch $@

.venv/train-stamp: requirements/train.in | .venv/dev-stamp
	@$(BIN)/python -m ensurepip --upgrade >/dev/null 2>&1 || true
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/train.in
	@touch $@

# The locks hold a hash for every file; the project itself goes in by a link, so edits count at once.
define install
$(if $(UV),uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) && \
  uv pip install --quiet --python $(BIN)/python --no-deps --editable .,\
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .)
endef
