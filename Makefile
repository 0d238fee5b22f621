# make audit – set up, then audit this workspace (the demo school).   make test – set up, then run all tests.
# make check – linter, formatter, strict types.   make coverage – all tests once more, with branch coverage by folder.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: audit program test coverage check bench sentences constraints sbom clean

audit: $(VENV)/.ready
	@$(BIN)/auditbot audit; status=$$?; if [ $$status -eq 1 ] || [ $$status -eq 3 ]; then exit 0; else exit $$status; fi

# The program alone, for auditbot setup.
program: $(VENV)/.ready

test: $(VENV)/.tested
	$(BIN)/python -m pytest

check: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# All tests once more, counting branches: about a third slower than make test. Fails below the floor of any folder.
coverage: $(VENV)/.tested
	$(BIN)/python -m pytest --cov --cov-report=
	$(BIN)/python -m tools.coverage_by_folder

# What whole commands cost in a made-up school; SIZE is tiny, small or full. Nothing fails by time.
SIZE ?= small
bench: $(VENV)/.tested
	$(BIN)/python -m bench.school --size $(SIZE)

# Gather the sentences that a person reads into auditbot/data/locale/auditbot.pot, and compile every translation.
sentences: $(VENV)/.tested
	$(BIN)/python tools/sentences.py

PIP = $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off

$(VENV)/.ready: constraints-production.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "auditbot needs Python 3.11, 3.12 or 3.13; name one with: make audit PYTHON=python3.11"; exit 2; }
	@echo "Setting up: about 100 packages, some minutes. 1 of 3: a Python of its own in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "2 of 3: packages"
	@rm -f $(VENV)/.failed
	@{ $(PIP) --require-hashes -r constraints-production.txt 2>&1 || touch $(VENV)/.failed; } \
	  | grep -E '^(Collecting|Installing|Successfully|ERROR)|rror:' | cut -c1-110; [ ! -e $(VENV)/.failed ]
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "3 of 3: a browser, if there is none"
	@$(BIN)/auditbot doctor --get-browser
	@touch $@

$(VENV)/.tested: $(VENV)/.ready constraints.txt
	$(PIP) --quiet --require-hashes -r constraints.txt
	@touch $@

# Pin every dependency anew, with the hashes of all its files (needs uv).
constraints:
	uv pip compile pyproject.toml --extra dev --extra trust --generate-hashes --universal --python-version 3.11 \
	  --no-emit-index-url --no-annotate --no-header --upgrade --quiet -o constraints.txt
	$(BIN)/python tools/production_constraints.py

# What a school installs, as a bill of materials (CycloneDX) beside the wheel.
sbom: $(VENV)/.ready
	$(PYTHON) -m venv $(VENV)/sbom
	$(VENV)/sbom/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom
	mkdir -p dist
	$(VENV)/sbom/bin/cyclonedx-py environment --output-reproducible --of JSON -o dist/auditbot.cdx.json $(BIN)/python

clean:
	rm -rf $(VENV) data
