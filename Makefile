# `make run` serves interviews with their pages; `make test` runs the suite. Both make the
# environment if it is missing.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.dev

.PHONY: run chat test test-long lint format lock bench bench-collection bench-documents bench-grading bench-kits bench-measurement bench-replay bench-screens bench-service judge clean

run: $(READY)
	@$(BIN)/viva serve --port $(PORT) --open

chat: $(READY)
	@$(BIN)/viva chat

test: $(DEV)
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-long: $(DEV)
	@$(BIN)/python -m pytest -m long

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV)
	@$(BIN)/python -m evals.bench

bench-collection: $(DEV)
	@$(BIN)/python -m evals.bench_collection

bench-documents: $(DEV)
	@$(BIN)/python -m evals.documents

bench-grading: $(DEV)
	@$(BIN)/python -m evals.bench_grading

bench-kits: $(DEV)
	@$(BIN)/python -m evals.bench_kits

bench-measurement: $(DEV)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m evals.bench_measurement

bench-replay: $(DEV)
	@OMP_NUM_THREADS=1 $(BIN)/python -m evals.bench_replay

bench-screens: $(DEV)
	@$(BIN)/python -m evals.bench_screens

bench-service: $(DEV)
	@$(BIN)/python -m evals.bench_service

judge: $(DEV)
	@$(BIN)/viva judge --workers 2

# The lock is made by pip alone, so that torch stays the one version that is pinned.
lock: $(DEV)
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-header --no-annotate --allow-unsafe \
		--output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host \
		--no-emit-find-links --no-header --no-annotate --allow-unsafe --extra dev \
		--constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	sed -i 's/^torch==\([0-9.]*\)+.*/torch==\1/' requirements.lock requirements-dev.lock

$(READY): requirements.lock pyproject.toml
	@echo "Making the environment in $(VENV) (a few minutes, once)."
	@$(PYTHON) -c 'import sys; sys.exit("Viva needs Python 3.11 or newer: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): $(READY) requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
