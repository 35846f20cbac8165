# Two commands matter: `make run` and `make test`. Everything else is for those who carry on (CONTRIBUTING.md).
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
HERE := $(CURDIR)
export PYTHONPATH := $(HERE)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check demo-reset replay storm bench messages lock browser

run: .venv/.run                       ## serve the product with its demo world; DEMO=0 for a real one
	@exec env DEMO=$${DEMO-1} PORT=$(PORT) $(BIN)/guanxi serve

test: .venv/.dev browser              ## everything; ARGS="tests/deals -x" for a part
	@$(BIN)/pytest $(ARGS)

check: .venv/.dev                     ## style, types, layers, shape, templates, migrations, messages
	$(BIN)/ruff check .
	$(BIN)/mypy guanxi
	$(BIN)/lint-imports --no-cache
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m guanxi.web.messages --check
	$(BIN)/pytest tests/shape tests/web/test_templates.py

demo-reset: .venv/.run                ## build the demo world anew
	@DEMO=1 PORT=$(PORT) $(BIN)/guanxi demo --reset

replay: .venv/.run                    ## FILE=day.csv: real invoices through the public API
	@test -n "$(FILE)" || { echo "make replay FILE=day.csv"; exit 2; }
	@PORT=$(PORT) $(BIN)/python -m guanxi.supervisor.around replay $(BIN)/python bench/replay.py "$(FILE)" --base {base} $(ARGS)

storm: .venv/.dev                     ## MINUTES=5 SEED=1: everything goes wrong under load, then all is checked
	@$(BIN)/python -m tests.faults.tempest --minutes $${MINUTES:-5} --seed $${SEED:-1}

bench: .venv/.dev                     ## CPU, latency and statements beside bare transactions
	@rm -rf "$${DATA_DIR:-var}/bench"  # millions of rows of the last run would be vacuumed while this one is measured
	@TALK_RATE=100000 PORT=$(PORT) $(BIN)/python -m guanxi.supervisor.around bench $(BIN)/python -m bench.run --base {base} --gateway-port {gateway_port} --pid {pid} $(ARGS)

messages: .venv/.dev                  ## read the words out of code and templates, merge, compile
	$(BIN)/python -m guanxi.web.messages
	$(BIN)/python -m guanxi.web.messages --compile

lock: .venv/.dev                      ## requirements*.txt with hashes, without any address
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --strip-extras --upgrade -o requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --strip-extras --upgrade --allow-unsafe -o requirements-dev.txt requirements-dev.in

browser:
	@sh .ci/browser

.venv/.run: requirements.txt .ci/venv
	@PYTHON="$(PYTHON)" sh .ci/venv requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt .ci/venv
	@PYTHON="$(PYTHON)" sh .ci/venv requirements-dev.txt
	@touch .venv/.run $@
