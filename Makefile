# Nothing but Python 3.11-3.13 and make need be there: every target sets up what it uses, in $(VENV).
# Programs are started as 'python -m', since the scripts of an environment break where the path has a space.

PORT ?= 8501
PYTHON ?=
TENSORFLOW ?= 1
IMAGE ?=
URL ?=
ENGINE ?= docker
ARGS ?=

# Without TensorFlow a place of its own, so that neither choice has to undo the other.
ifeq ($(TENSORFLOW),0)
VENV ?= .venv-base
LOCK := requirements-base.txt
NOTE := without TensorFlow
else
VENV ?= .venv
LOCK := requirements.txt
NOTE := with TensorFlow, a minute; TENSORFLOW=0 leaves it out
endif

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check --no-input install --require-hashes
# uv takes a third of pip's time, but heeds none of pip's settings (a mirror, say): where it fails, pip tries.
UV := $(PY) -m uv --quiet pip install --require-hashes --python $(PY)
define INSTALL
	@$(PIP) -r requirements-install.txt
	@$(UV) $(1) || { echo "uv could not install it: now by pip."; $(PIP) $(1); }
endef
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

.PHONY: help setup setup-dev run test check format bench load attack lock browser proxy clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done

setup: $(VENV)/.app ## install the app (TENSORFLOW=0 leaves TensorFlow out, PYTHON= picks the Python)

setup-dev: $(VENV)/.dev ## install the app and what tests and checks need

run: $(VENV)/.app ## start the app (PORT=8501)
	@$(PY) -m streamlit run app.py --server.port $(PORT)

test: $(VENV)/.dev browser ## run all tests, the browser's too (ARGS="-k player" picks some)
	@$(PY) -m pytest $(ARGS)

check: $(VENV)/.dev ## format, lint and types, without changing anything
	@$(PY) -m ruff format --check
	@$(PY) -m ruff check
	@$(PY) -m mypy

format: $(VENV)/.dev ## format the code and mend what ruff can mend
	@$(PY) -m ruff format
	@$(PY) -m ruff check --fix

bench: $(VENV)/.dev ## print every table of the benchmarks
	@$(PY) -m benchmarks $(ARGS)

load: $(VENV)/.dev ## measure how many people a server holds (IMAGE= measures containers, ENGINE=podman)
	@ENGINE="$(ENGINE)" $(PY) -m benchmarks.load $(if $(IMAGE),--image $(IMAGE)) $(ARGS)

attack: $(VENV)/.dev browser proxy ## be hostile to a server of its own, to a container (IMAGE=), or to one that runs (URL=)
	@KMEANS_ATTACK=full KMEANS_ATTACK_URL="$(URL)" KMEANS_ATTACK_IMAGE="$(IMAGE)" ENGINE="$(ENGINE)" \
		$(PY) -m pytest --numprocesses=0 tests/attack $(ARGS)

lock: $(VENV)/.dev ## pin the dependencies anew from the .in files (UPGRADE=1 takes the newest)
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) -c requirements.txt requirements-base.in -o requirements-base.txt
	@$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) -c requirements-dev.txt requirements-install.in -o requirements-install.txt
	@$(COMPILE) -c requirements.txt requirements-image.in -o requirements-image.txt

browser: $(VENV)/.dev ## find a browser for the tests, or fetch one
	@$(PY) -m tools.browser

proxy: $(VENV)/.dev ## find the proxy that two replicas are tested behind, or fetch it
	@$(PY) -m tools.deployment

clean: ## remove the environments and everything that was made
	rm -rf .venv .venv-* .artifacts .hypothesis .mypy_cache .pytest_cache .ruff_cache build *.egg-info
	rm -rf static/plotly-* static/player-*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@tools/venv.sh "$(VENV)" "$(PYTHON)"

# The stamps are newer than the locks that were installed: an unchanged lock is not installed again.
$(VENV)/.app: $(LOCK) | $(PY)
	@echo "Installing the app ($(NOTE))."
	$(call INSTALL,-r $(LOCK))
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(LOCK) | $(PY)
	@echo "Installing the app and what tests and checks need ($(NOTE))."
	$(call INSTALL,-r $(LOCK) -r requirements-dev.txt)
	@touch $(VENV)/.app $@
