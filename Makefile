# tallyman. `make help` lists what there is to make; tests/README.md says how one works here.
SHELL   := /bin/sh
CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

JOBS      ?= $(shell nproc 2>/dev/null || echo 2)
CONTRACTS ?= ../shared/contracts
FUZZ_S    ?= 60
SPEED     ?= 1

# ---- flags: how everything is compiled ----

WARN    := -Wall -Wextra -Wformat=2 -Wconversion -Wshadow -Wvla -Wstrict-prototypes -Werror
FENCE   := -fstack-protector-strong -fno-strict-aliasing -fno-delete-null-pointer-checks -fwrapv -fPIE
# Fences that not every compiler has; $(BUILD)/fences holds those that this one took.
MAYBE   := -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero
LDFENCE := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code
SAN     ?=
ifeq ($(SAN),)
OPT     ?= -O2 -D_FORTIFY_SOURCE=3
else
# Warnings belong to the builds without sanitizers, whose own code makes gcc see ghosts.
OPT     ?= -O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all -w
endif
CFLAGS  = -std=gnu17 -g $(OPT) $(WARN) $(FENCE) -Isrc -I. -D_GNU_SOURCE -DTALLYMAN_VERSION='"$(VERSION)"' -MMD -MP
LDLIBS  = -lncursesw -ltinfo -lcurl -lcjson -lsqlite3 -lcrypto -linih -lmicrohttpd -lcsv -lm
LDFLAGS = $(OPT) $(LDFENCE)

COMPILE = $(CC) $(CFLAGS) @$(BUILD)/fences
# -Wconversion and the like are for our code, not for tests.
COMPILE_TEST = $(CC) $(filter-out -Wconversion -Wshadow,$(CFLAGS)) @$(BUILD)/fences -Itests

# ---- what there is ----

SRC    := $(sort $(wildcard src/*/*.c src/*/*/*.c ui/*.c ui/*/*.c))
OBJ    := $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/assets.o
LIBOBJ := $(filter-out $(BUILD)/src/cmd/main.o,$(OBJ))
ASSETS := $(sort $(wildcard data/*.csv data/*.ini data/migrations/*.sql data/specs/* themes/*.ini))

# tests/KIND/test_*.c is a program each; the other .c files of the folder are linked to every one of them.
KINDS  := unit contract golden fault cmd
TESTC  := $(sort $(foreach k,$(KINDS),$(wildcard tests/$k/test_*.c)))
TESTS  := $(TESTC:tests/%.c=$(BUILD)/%)
tests_of = $(filter $(BUILD)/$1/%,$(TESTS))
CMDS   := $(sort $(wildcard tests/cmd/test_*.sh))
FUZZ   := $(patsubst tests/%.c,$(BUILD)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
BENCH  := $(patsubst tests/%.c,$(BUILD)/%,$(sort $(wildcard tests/bench/bench*.c)))

Q   := $(if $(V),,@)
SUB := $(MAKE) --no-print-directory
RUN  = TALLYMAN=$(BUILD)/tallyman BUILD=$(BUILD) tests/run.sh -j $(JOBS) -l $(BUILD)/log

all: $(BUILD)/tallyman ## build the program (BUILD=DIR, CC=clang, SAN=address,undefined)

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1#\2/p' Makefile | awk -F'#' '{ printf "%-22s %s\n", $$1, $$2 }'

demo: ## a simulated seller in a live console: nothing leaves this machine
	@.ci/deps demo $(BUILD)
	@$(SUB) -j$(JOBS) all
	@$(BUILD)/tallyman demo --speed $(SPEED)

# ---- proof ----

test: ## build, and run the unit, contract case, golden screen and command tests, and simulated days
	@.ci/deps test $(BUILD)
	@$(SUB) -j$(JOBS) all tests
	@$(RUN) $(call tests_of,unit) $(call tests_of,contract) $(call tests_of,golden) $(call tests_of,cmd) $(CMDS) $(call tests_of,fault)

check: ## nearly all that `test` runs under ASan and UBSan; gcc and clang; layers, fault days, fuzz corpus, valgrind
	@.ci/deps check $(BUILD)
	@+MAKE='$(MAKE)' JOBS=$(JOBS) tests/check.sh

contract: ## speak to the marketplaces' own contracts on loopback (CONTRACTS=DIR)
	@.ci/deps test $(BUILD)
	@$(SUB) -j$(JOBS) all $(BUILD)/contract/test_speak
	@TALLYMAN=$(BUILD)/tallyman BUILD=$(BUILD) tests/contract/mock.sh $(CONTRACTS)

bench: ## measure, one name=value line a measure
	@.ci/deps test $(BUILD)
	@$(SUB) -j$(JOBS) all $(BENCH)
	@for b in $(BENCH); do TALLYMAN=$(BUILD)/tallyman $$b || exit 1; done

measure: ## figures of the code, for a reader: never a gate
	@tests/lint/measure.sh

fuzz: ## give each fuzz target FUZZ_S seconds of clang's libFuzzer
	@.ci/deps check $(BUILD)
	@$(SUB) -j$(JOBS) BUILD=build-fuzz CC=clang SAN=fuzzer-no-link,address,undefined FUZZER=-fsanitize=fuzzer fuzzers
	@BUILD=build-fuzz tests/fuzz/run.sh $(FUZZ_S)

soak: ## the long ones, three hours on two cores: every write of an hour, each allocation, thousands of days, fuzzing
	@.ci/deps check $(BUILD)
	@$(SUB) -j$(JOBS) BUILD=build all tests
	@$(SUB) -j$(JOBS) BUILD=build-asan SAN=address,undefined all tests
	@$(SUB) -j$(JOBS) BUILD=build-fuzz CC=clang SAN=fuzzer-no-link,address,undefined FUZZER=-fsanitize=fuzzer fuzzers
	@JOBS=$(JOBS) tests/soak.sh

layers: ## who may include whom, and what is banned: one grep a rule
	@tests/lint/layers.sh

unit: layers $(call tests_of,unit) ## the layers and the unit tests alone
	@$(RUN) $(call tests_of,unit)

schema: $(BUILD)/lint/schema ## write data/schema.sql from the migrations
	@$(BUILD)/lint/schema > $(BUILD)/schema.sql && cp $(BUILD)/schema.sql data/schema.sql

golden-accept: all $(call tests_of,golden) ## take the screens as they are now for the right ones: read the diff before you commit
	@for t in $(call tests_of,golden); do TALLYMAN_ACCEPT=1 TALLYMAN=$(BUILD)/tallyman $$t || true; done
	@git --no-pager diff --stat -- tests/golden

# ---- the house ----

deps: ## find the libraries that are missing and install them where that is allowed
	@rm -f $(BUILD)/deps.*
	@.ci/deps test $(BUILD)
	@echo "deps: everything that make demo and make test need is here"

install: all ## PREFIX=/usr/local DESTDIR=: the program, its man page, its systemd units
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 755 $(BUILD)/tallyman $(DESTDIR)$(PREFIX)/bin/tallyman
	install -m 644 data/tallyman.1 $(DESTDIR)$(PREFIX)/share/man/man1/tallyman.1
	for u in tallyman@.service tallyman-health@.service tallyman-health@.timer; do \
		sed 's|/usr/local|$(PREFIX)|' data/$$u > $(BUILD)/$$u && install -m 644 $(BUILD)/$$u $(DESTDIR)$(PREFIX)/lib/systemd/system/$$u || exit 1; done

clean: ## remove what was built
	rm -rf $(BUILD) build-*

# ---- how it is built ----

$(BUILD)/tallyman: $(BUILD)/src/cmd/main.o $(BUILD)/libtallyman.a
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libtallyman.a: $(LIBOBJ) $(BUILD)/list
	@rm -f $@
	$(Q)ar rcs $@ $(LIBOBJ)

$(BUILD)/%.o: %.c $(BUILD)/fences
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c $(BUILD)/fences
	@mkdir -p $(@D)
	$(Q)$(COMPILE_TEST) -c -o $@ $<

# The command and the list of files as of the last build: another compiler, another flag, a file less, and what follows
# from it is made again.
$(BUILD)/command: FORCE
	@mkdir -p $(@D); echo '$(subst ','\'',$(CC) $(CFLAGS))' | cmp -s - $@ || echo '$(subst ','\'',$(CC) $(CFLAGS))' > $@
$(BUILD)/list: FORCE
	@mkdir -p $(@D); echo '$(LIBOBJ) $(ASSETS)' | cmp -s - $@ || echo '$(LIBOBJ) $(ASSETS)' > $@

$(BUILD)/fences: $(BUILD)/command
	@.ci/deps demo $(BUILD)
	@echo 'int main(void) { return 0; }' > $@.c
	@for f in $(MAYBE); do $(CC) -Werror $$f -c -o $@.o $@.c 2>/dev/null && echo "$$f"; done > $@.new; mv $@.new $@

# The files of data/ and themes/ become part of the binary: name, first byte, byte after the last.
$(BUILD)/assets.S: $(ASSETS) $(BUILD)/list Makefile
	@{ echo '.section .rodata'; i=0; for f in $(ASSETS); do \
	   echo "a$$i: .incbin \"$$f\"; e$$i: .byte 0; n$$i: .asciz \"$$f\""; i=$$((i+1)); done; \
	   echo '.section .data.rel.ro,"aw"; .balign 8; .globl asset_table; asset_table:'; i=0; for f in $(ASSETS); do \
	   echo ".quad n$$i, a$$i, e$$i"; i=$$((i+1)); done; echo '.quad 0, 0, 0'; \
	   echo '.section .note.GNU-stack,"",%progbits'; } > $@

$(BUILD)/assets.o: $(BUILD)/assets.S
	$(Q)$(CC) -c -o $@ $<

.SECONDEXPANSION:
helpers = $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/$1/test_%,$(wildcard tests/$1/*.c)))
$(TESTS): $(BUILD)/%: tests/%.c $$(call helpers,$$(notdir $$(@D))) $(BUILD)/libtallyman.a
	@mkdir -p $(@D)
	$(Q)$(COMPILE_TEST) $(LDFLAGS) -MF $@.d -o $@ $(filter %.c %.o %.a,$^) $(LDLIBS) -lcmocka -lvterm -lutil

# A fuzz target is libFuzzer's with FUZZER set; else a plain main feeds it the files of its corpus.
FUZZER ?=
$(FUZZ): $(BUILD)/%: tests/%.c $(if $(FUZZER),,$(BUILD)/tests/fuzz/replay.o) $(BUILD)/libtallyman.a
	@mkdir -p $(@D)
	$(Q)$(COMPILE_TEST) $(LDFLAGS) $(FUZZER) -MF $@.d -o $@ $(filter %.c %.o %.a,$^) $(LDLIBS)

$(BUILD)/lint/schema: $(BUILD)/%: tests/%.c $(BUILD)/libtallyman.a
	@mkdir -p $(@D)
	$(Q)$(COMPILE_TEST) $(LDFLAGS) -MF $@.d -o $@ $(filter %.c %.a,$^) $(LDLIBS)

$(BENCH): $(BUILD)/%: tests/%.c $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/bench/bench%,$(wildcard tests/bench/*.c))) $(BUILD)/libtallyman.a
	@mkdir -p $(@D)
	$(Q)$(COMPILE_TEST) $(LDFLAGS) -MF $@.d -o $@ $(filter %.c %.o %.a,$^) $(LDLIBS) -lutil

tests: $(TESTS) $(FUZZ) $(BUILD)/lint/schema
fuzzers: $(FUZZ)

FORCE:
-include $(OBJ:.o=.d) $(wildcard $(BUILD)/*/*.d $(BUILD)/tests/*/*.d)
.PHONY: all help demo test check contract bench measure fuzz soak layers unit schema golden-accept deps install clean tests fuzzers FORCE
.DELETE_ON_ERROR:
