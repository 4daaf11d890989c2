# The two commands a newcomer needs are `make run` and `make test`. Everything else is for those who work on it.

PYTHON ?= python3
VENV := .venv/bin
PORT ?= 8000
SCALE ?= 0.01
ARGS ?=
export PORT

.PHONY: help run test test-long bench check audit format lock manage
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run:  ## set everything up, start it, load the demonstration: http://127.0.0.1:8000/
	@$(PYTHON) -m ops.bootstrap run
	@$(VENV)/python -m ops.run

test:  ## set everything up and run the tests, browser tests included
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV)/python -m ops.test $(ARGS)

test-long:  ## simulations, statistics, scale
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV)/python -m ops.test -m long -o faulthandler_timeout=3600 $(ARGS)

bench:  ## measure against the floor, SCALE=1 for the full data; writes benchmarks/results.json
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV)/python -m benchmarks.run --scale $(SCALE)

check:  ## everything CI checks beside the tests
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV)/python -m ops.check

audit:  ## known vulnerabilities of the locked packages (asks the advisory database)
	@$(PYTHON) -m ops.bootstrap test
	@$(VENV)/pip-audit --require-hashes --disable-pip -r requirements.txt

format:  ## put the code into its one form
	@$(VENV)/ruff check --fix-only .
	@$(VENV)/ruff format .

lock:  ## lock the requirements anew, with hashes and without addresses
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements-dev.in -o requirements-dev.txt
	npm install --package-lock-only --ignore-scripts

manage:  ## a management command on the data of `make run`: make manage ARGS="check_integrity"
	@$(PYTHON) -m ops.bootstrap run
	@$(VENV)/python -m ops.manage $(ARGS)
