# Two commands matter: `make demo` and `make test`. Each does all of its own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
RUN := .venv/bin
DEMO_ARGS := $(foreach s,$(SOURCE),--source '$(s)') $(if $(PORT),--port $(PORT)) $(if $(DATA),--data '$(DATA)')

.PHONY: help demo test check fix unit browser accuracy truth bench bench-gpu streams faults soak setup setup-dev openapi clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

demo: setup ## the whole road on this machine; SOURCE=rtsp://… or a file for your own camera
	@$(RUN)/giaolo demo $(DEMO_ARGS)

test: setup-dev check ## every check and every test
	@cd dashboard && ../tools/with-node npm test --silent
	@$(RUN)/pytest -n 2 --dist worksteal tests/unit $(PYTEST_ARGS)
	@$(RUN)/pytest -n 2 --dist loadfile -m 'not alone' $(PYTEST_ARGS) tests/accuracy tests/integration
	@$(RUN)/pytest -m alone $(PYTEST_ARGS) tests/browser tests/faults tests/integration

check: setup-dev ## ruff, mypy --strict, import rules, sizes, front-end lint and types
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check -q .
	@$(RUN)/mypy
	@$(RUN)/lint-imports --no-logo
	@$(RUN)/python tools/check_sizes.py
	@cd dashboard && ../tools/with-node npm run check --silent

unit: setup-dev ## the tests that need nothing but Python
	@$(RUN)/pytest tests/unit -q

browser: setup-dev ## the tests in a real browser
	@$(RUN)/pytest tests/browser

accuracy: setup-dev ## counts, findings, signals and tracking beside the truth, into build/ and docs/accuracy.md
	@GIAOLO_ACCURACY=1 $(RUN)/pytest -s tests/accuracy
	@$(RUN)/python -m tests.accuracy.report

TRAFFIC = cross tee motorway one_way
TRUTH = nice $(RUN)/python -m tests.simulation.run --jobs 2 --seeds $(or $(SEEDS),dev)

truth: setup-dev ## 10 to 20 simulated hours of each rule and mode beside known truth, into build/; SEEDS=random
	@$(TRUTH) --place $(TRAFFIC) --per-rule --hours 20 --mode clean --out build/truth_clean.json
	@$(TRUTH) --place $(TRAFFIC) --per-rule --hours 10 --mode noisy --out build/truth_noisy.json
	@$(TRUTH) --place $(TRAFFIC) --per-rule --hours 10 --mode detections --out build/truth_detections.json
	@$(TRUTH) --place $(TRAFFIC) --lawful --hours 6 --mode clean --out build/truth_lawful_clean.json
	@$(TRUTH) --place $(TRAFFIC) --lawful --hours 6 --mode noisy --out build/truth_lawful_noisy.json
	@$(TRUTH) --place plaza --hours 10 --mode clean --out build/truth_square_clean.json
	@$(TRUTH) --place plaza --hours 10 --mode noisy --out build/truth_square_noisy.json
	@$(TRUTH) --place plaza --hours 10 --mode detections --out build/truth_square_detections.json
	@$(RUN)/python -m tests.accuracy.report

bench: setup-dev ## docs/performance.md, CPU time of the detectors, replay, events; an hour on a quiet machine
	@$(RUN)/python -m bench.performance $(if $(DETECT),--detect '$(DETECT)') --doc docs/performance.md
	@$(RUN)/python -m bench.detector
	@$(RUN)/python -m bench.replay
	@$(RUN)/python -m bench.events

bench-gpu: setup-dev ## the same road on the GPU of this machine: TensorRT, else CUDA
	@$(RUN)/python -m bench.performance --only frames share cameras --detect '{"providers": ["tensorrt", "cuda"]}' --json

streams: setup-dev ## ten RTSP cameras, one with garbage, for half an hour on a quiet machine, into build/streams.json; MINUTES=…, DETECT=…
	@$(RUN)/python -m bench.streams --minutes $(or $(MINUTES),30) $(if $(DETECT),--detect '$(DETECT)')

faults: setup-dev ## random faults against the whole, judged by a replay, into build/faults.json; SHORT=1, SEED=…, FAULTS=…, EVENTS=…
	@$(RUN)/python -m tests.faults.run $(if $(SHORT),--short) $(if $(SEED),--seed $(SEED)) $(if $(FAULTS),--faults $(FAULTS)) $(if $(EVENTS),--events $(EVENTS))
ifndef SHORT
	@GIAOLO_LONG=1 $(RUN)/pytest -s tests/faults tests/integration/test_stream_rtsp.py
endif

soak: setup-dev ## the whole for eight hours: memory and files of each process, into build/soak.json; MINUTES=…
	@$(RUN)/python -m tests.faults.soak --minutes $(or $(MINUTES),480)

fix: setup-dev ## what ruff can mend
	@$(RUN)/ruff check --fix -q . ; $(RUN)/ruff format -q .

openapi: setup-dev ## the API's description and the dashboard's types made from it
	@$(RUN)/python -m ingest.api.openapi > docs/reference/openapi.json
	@cd dashboard && ../tools/with-node npm run api:types --silent

setup:
	@tools/setup

setup-dev:
	@tools/setup --dev

clean: ## removes what was built here (not the caches in your home)
	rm -rf .venv build dist dashboard/dist dashboard/node_modules .cache
