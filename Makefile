# Two commands: `make demo` and `make test`. Each sets up all it needs (Python ≥ 3.11 and the package registry).
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: demo test test-all lint soak mutants lock clean

demo: $(VENV)/.run
	$(BIN)/mingshi judge examples/office --out build/demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" tests

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-all: lint
	$(BIN)/python -m pytest -n 2 --dist worksteal tests

soak: $(VENV)/.dev
	$(BIN)/python tests/support/consent_walk.py --steps 1000000
	$(BIN)/python tools/law_table.py --mutants
	$(BIN)/python tests/support/ledger_simulation.py --seeds 25000
	$(BIN)/python tests/support/record_kills.py --kills 1000

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --quiet install uv
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command 'make lock' pyproject.toml --group build -o requirements.lock
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command 'make lock' pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf build $(VENV)

# The marks are files, so a second `make` costs nothing; a changed lock or project file installs again.
$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo '需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11' >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
