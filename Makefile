# Two commands: `make demo` and `make test`. Each sets up all it needs (Python ≥ 3.11 and the package registry).
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: demo test test-all lint soak figures mutants lock clean

demo: $(VENV)/.run
	$(BIN)/mingshi demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" tests

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything; then each property of the judge and of money for about a minute (20,000 examples in `make soak`).
test-all: lint
	$(BIN)/python -m pytest -n 2 --dist worksteal tests
	MINGSHI_EXAMPLES=3000 $(BIN)/python -m pytest -n 2 --dist worksteal tests/property/test_judge_properties.py tests/property/test_money_properties.py

# Does some test notice when a rule of the judge is changed? 300 changes of 4,500, in about half an hour.
mutants: $(VENV)/.dev
	$(BIN)/python tools/mutate.py --seed 11 --count 300

soak: $(VENV)/.dev
	$(BIN)/python tests/support/consent_walk.py --steps 1000000
	$(BIN)/python tools/law_table.py --mutants
	MINGSHI_EXAMPLES=20000 $(BIN)/python -m pytest -n 2 --dist worksteal tests/property/test_judge_properties.py tests/property/test_money_properties.py
	$(BIN)/python tests/support/ledger_simulation.py --seeds 25000
	$(BIN)/python tests/support/record_kills.py --kills 1000
	MINGSHI_LIVES=1000 MINGSHI_PEOPLE=1000 $(BIN)/python -m pytest -m slow tests/property/test_record_machine.py tests/unit/rights/test_erased_everywhere.py
	$(BIN)/python -m mingshi.season.gates --seeds 2001:2101

# The tables of docs/gates.md and docs/evidence.md: twenty seasons of each world, about fifteen minutes on 2 cores.
figures: $(VENV)/.run
	$(BIN)/python -m mingshi.season.figures docs

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
