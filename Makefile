# What can be done here; `make help` lists it. Nothing below needs the network once the Debian
# packages and the Swift packages are there.

SWIFT ?= swift
FORMATTED = Sources Tests Fuzz Package.swift
RELEASE = $(SWIFT) build -c release --product snnc
# Of swift-argument-parser: makes the manual pages that `make install` installs.
MANUAL = $(SWIFT) build -c release --product generate-manual

.PHONY: demo test build static install uninstall lint check fmt fuzz bench conformance clean help setup proto docs pages

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 21

setup: ## install what is missing (Debian packages), and say where to get Swift
	@sh scripts/setup

build: setup ## build snnc in release mode
	$(RELEASE)
	@$(MANUAL)

static: setup ## build a snnc in .build/static that runs where there is no Swift
	$(RELEASE) --static-swift-stdlib --scratch-path .build/static
	@$(MANUAL) --static-swift-stdlib --scratch-path .build/static

install: ## install what was built, manual pages and completions (PREFIX=, DESTDIR=, PROGRAM=)
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' PROGRAM='$(PROGRAM)' sh scripts/install

uninstall: ## remove what was installed (PREFIX=, DESTDIR=)
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' sh scripts/install remove

demo: build ## take the trained digits model from its checkpoint to compiled C, and test it
	@sh examples/digits/run

lint: ## say whether the sources are formatted, and the C of the schemas is what they give
	$(SWIFT) format lint --strict --recursive $(FORMATTED)
	@sh scripts/check-generated

test: ## run every test
	@sh scripts/setup test
	@$(MAKE) --no-print-directory lint
	$(RELEASE)
	@$(MANUAL)
	$(SWIFT) test -c release

check: build ## formatting, generated files and pages, layering, documentation, other machines, instructions
	@sh scripts/setup check
	@$(MAKE) --no-print-directory lint
	$(SWIFT) test -c release --filter 'SpecificationTests|ArchitectureTests'
	@sh scripts/docs
	@scripts/check-machines
	@scripts/check-instructions

fmt: ## format the Swift sources
	$(SWIFT) format --in-place --recursive $(FORMATTED)

fuzz: ## fuzz what reads files, each target for SECONDS (by default 60), or TARGETS alone
	@scripts/fuzz $(or $(SECONDS),60) $(TARGETS)

bench: build ## time the emitted C against dense engines (CHECKPOINT=, INPUT=, THREADS=, RUNS=)
	@python3 Benchmarks/bench.py

RUNNER ?= ir-spec/conformance/runners/snnc-engine

conformance: ## run the conformance suite with any implementation (RUNNER=, OPTIONS=)
	@ir-spec/conformance/run $(OPTIONS) $(RUNNER)

docs: build ## write the documentation of the libraries to .build/docs
	@sh scripts/docs

proto: ## generate the C of the protobuf schemas anew
	protoc-c --proto_path=ir-spec --c_out=Sources/CSpikeProto snn.proto
	mv Sources/CSpikeProto/snn.pb-c.h Sources/CSpikeProto/include/
	protoc-c --proto_path=Sources/COnnxProto --c_out=Sources/COnnxProto onnx.proto
	mv Sources/COnnxProto/onnx.pb-c.h Sources/COnnxProto/include/

pages: ## write anew what is generated in ir-spec
	-SNNC_BLESS=1 $(SWIFT) test -c release --filter SpecificationTests

clean: ## remove what was built
	rm -rf .build
