# `make run` shows Linyin at work, `make test` proves it. Both set up what they need in .venv.
.PHONY: help run test test-postgres test-ui sheets lint format bench bench-web docs reference picture queries clean
.DEFAULT_GOAL := help

bin := .venv/bin
setup := @sh tools/bootstrap.sh
tests ?= tests
ways ?= zh-light-desk en-dark-phone
parallel := -n auto --maxprocesses=4 --dist loadfile
# Exit code 5: none of the tests that were asked for uses the database.
postgres = $(bin)/python tools/postgres.py $(bin)/python -m pytest $(parallel) -q -m sql $(tests) \
	|| test $$? = 5

# The tests start hundreds of processes; without it each one compiles the sources again.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo 'make run        write the example enterprise to ./example and print its inventories'
	@echo 'make test       run every test (tests=tests/ledger for a part), on PostgreSQL too'
	@echo 'make test-postgres  the tests of the database on PostgreSQL only'
	@echo 'make test-ui    the tests of the pages in both languages, light and dark, desk and phone'
	@echo 'make sheets     draw contact sheets of all pages into build/sheets (ways="zh-light-desk …")'
	@echo 'make lint       ruff, mypy --strict, the layers of the rooms'
	@echo 'make format     let ruff format and mend'
	@echo 'make bench      measure: 10 million rows beside SQL and pandas; 1 million on a Spark cluster'
	@echo 'make bench-web  measure the pages: 1 million activities, 30 visitors'
	@echo 'make reference  write docs/reference from the schemas'
	@echo 'make queries    count again how many queries the list pages ask, for tests/web/queries.csv'
	@echo 'make picture    take the pictures of the README and the guides'
	@echo 'make docs       the reference, and all of docs/ as a site in ./site'
	@echo 'make clean      remove what the others have written, .venv included'

run:
	$(setup) run
	@$(bin)/linyin demo example

test:
	$(setup) test
	@$(bin)/python -m pytest $(parallel) --durations=15 --durations-min=5 $(tests)
	@$(postgres)

test-postgres:
	$(setup) test
	@$(postgres)

test-ui:
	$(setup) test
	@LINYIN_UI=all $(bin)/python -m pytest $(parallel) --durations=15 --durations-min=5 tests/web

sheets:
	$(setup) test
	@rm -rf build/pages build/sheets
	@LINYIN_UI='$(ways)' LINYIN_PICTURES=build/pages $(bin)/python -m pytest $(parallel) -q \
		tests/web/test_every_page.py tests/web/test_pages_of_resources.py; \
		$(bin)/python tools/sheets.py build/pages build/sheets

lint:
	$(setup) lint
	@status=0; \
	for check in 'ruff check' 'ruff format --check' 'mypy' 'lint-imports --no-logo' \
		'python lint/faces.py'; do \
		echo "$$check"; $(bin)/$$check || status=1; \
	done; exit $$status

format:
	$(setup) lint
	@$(bin)/ruff check --fix
	@$(bin)/ruff format

bench:
	$(setup) bench
	@$(bin)/python bench/run.py
	@$(bin)/python bench/run.py --engine cluster --rows 1000000 --repeat 1 --alone

bench-web:
	$(setup) bench
	@$(bin)/python bench/web.py

reference:
	$(setup) docs
	@$(bin)/python tools/docs.py reference

picture:
	$(setup) test
	@$(bin)/python tools/screens.py example
	@$(bin)/python tools/picture.py docs/img/demo.svg $(bin)/linyin demo example --no-serve

queries:
	$(setup) test
	@example=$$(mktemp -d); $(bin)/python tests/web/example.py $$example && \
		$(bin)/python tests/web/queries.py $$example; status=$$?; rm -rf $$example; exit $$status

docs: reference
	@$(bin)/python tools/docs.py site

clean:
	rm -rf .venv site build dist example bench/results .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis spark-warehouse metastore_db derby.log
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
