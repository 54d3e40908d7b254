# People and CI call the same recipes. `make` alone lists them.
SHELL := /bin/sh
BIN := .venv/bin
# Every recipe starts many Pythons that import the same heavy libraries. What one has compiled the next one reads, also
# where Python was told to write nothing beside the sources (containers, CI).
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help env demo test up down check docs fix lock soak

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' Makefile

env:
	@tools/bootstrap.sh

demo: env ## everything on this machine: sample submissions of five provinces, the real DAGs, a published release
	@$(BIN)/chaidaen demo

up: env ## start the local stack: embedded PostgreSQL and Airflow, on 127.0.0.1
	@$(BIN)/chaidaen up

down: env ## stop the local stack
	@$(BIN)/chaidaen down

test: env ## the whole suite
	$(BIN)/pytest -n 2 --dist loadfile $(PYTEST)

check: env ## linters, types, import layers, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models dbt_project/analyses dbt_project/tests
	$(BIN)/lint-imports
	$(BIN)/chaidaen contracts lint
	$(BIN)/chaidaen contracts sync --check

docs: env ## the documentation as a site in site/, searchable in Thai; a broken link fails
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo "Open $(CURDIR)/site/index.html (เปิดไฟล์นี้ในเบราว์เซอร์): no server is needed, and the folder may be copied anywhere."

fix: env ## format, mend what can be mended, write the generated files again
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/sqlfluff fix --disable-progress-bar dbt_project/models dbt_project/analyses dbt_project/tests
	$(BIN)/chaidaen contracts sync

soak: env ## a thousand kills of intake, two disturbed workers, a thousand switches under readers, a hundred kills of the release, thirty nights, two hundred traced figures; SOAK="--kills 200" for less of the first
	$(BIN)/python -m benchmarks.soak $(SOAK)
	$(BIN)/python -m benchmarks.soak.switching
	$(BIN)/python -m benchmarks.soak.release_kills
	$(BIN)/python -m benchmarks.nights
	TRACED_FIGURES=200 $(BIN)/pytest --timeout 3600 tests/end_to_end/test_trace.py -k sampled_figures

lock: env ## choose versions again and write requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --upgrade --group dev --custom-compile-command "make lock" pyproject.toml -o requirements.lock
