# make audit – set up, then audit this workspace (the demo school).   make test – set up, then run all tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: audit test check bench constraints clean

audit: $(VENV)/.ready
	@$(BIN)/auditbot audit; status=$$?; if [ $$status -eq 1 ] || [ $$status -eq 3 ]; then exit 0; else exit $$status; fi

test: $(VENV)/.ready
	$(BIN)/python -m pytest

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/.ready: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "auditbot needs Python 3.11, 3.12 or 3.13; name one with: make audit PYTHON=python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/auditbot doctor --get-browser
	@touch $@

# Pin every dependency anew, with the hashes of all its files (needs uv).
constraints:
	uv pip compile pyproject.toml --extra dev --extra trust --generate-hashes --universal --python-version 3.11 \
	  --no-emit-index-url --no-annotate --no-header --upgrade --quiet -o constraints.txt

clean:
	rm -rf $(VENV) data
