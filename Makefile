# tallyman. `make help` lists what there is to make.
SHELL   := /bin/sh
CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1.0

# Which compiler warnings and fences exist here; asked once per run.
try = $(shell echo 'int main(void){return 0;}' | $(CC) $(1) -x c -o /dev/null - 2>/dev/null && echo '$(1)')

WARN   := -Wall -Wextra -Wformat=2 -Wconversion -Wshadow -Wvla -Wstrict-prototypes -Werror
FENCE  := -fstack-protector-strong -fno-strict-aliasing -fno-delete-null-pointer-checks -fwrapv -fPIE \
          $(call try,-fstack-clash-protection) $(call try,-fcf-protection=full) $(call try,-ftrivial-auto-var-init=zero)
LDFENCE := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code
SAN    ?=
ifeq ($(SAN),)
OPT    ?= -O2 -D_FORTIFY_SOURCE=3
else
OPT    ?= -O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all
endif
CFLAGS  = -std=gnu17 -g $(OPT) $(WARN) $(FENCE) -Isrc -I. -D_GNU_SOURCE -DTALLYMAN_VERSION='"$(VERSION)"' -MMD -MP
LDLIBS  = -lncursesw -ltinfo -lcurl -lcjson -lsqlite3 -lcrypto -linih -lmicrohttpd -lcsv -lm
LDFLAGS = $(OPT) $(LDFENCE)

SRC    := $(sort $(wildcard src/*/*.c src/*/*/*.c ui/*.c ui/*/*.c))
OBJ    := $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/assets.o
LIBOBJ := $(filter-out $(BUILD)/src/cmd/main.o,$(OBJ))
ASSETS := $(sort $(wildcard data/*.csv data/*.ini data/*.sql data/migrations/*.sql data/specs/* themes/*.ini))
UNIT   := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

Q := $(if $(V),,@)

all: $(BUILD)/tallyman

$(BUILD)/tallyman: $(BUILD)/src/cmd/main.o $(BUILD)/libtallyman.a
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libtallyman.a: $(LIBOBJ)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -c -o $@ $<

# The files of data/ and themes/ become part of the binary: name, first byte, byte after the last.
$(BUILD)/assets.S: $(ASSETS) Makefile
	@mkdir -p $(@D)
	@{ echo '.section .rodata'; i=0; for f in $(ASSETS); do \
	   echo "a$$i: .incbin \"$$f\"; e$$i: .byte 0; n$$i: .asciz \"$$f\""; i=$$((i+1)); done; \
	   echo '.section .data.rel.ro,"aw"; .balign 8; .globl asset_table; asset_table:'; i=0; for f in $(ASSETS); do \
	   echo ".quad n$$i, a$$i, e$$i"; i=$$((i+1)); done; echo '.quad 0, 0, 0'; \
	   echo '.section .note.GNU-stack,"",%progbits'; } > $@

$(BUILD)/assets.o: $(BUILD)/assets.S
	$(Q)$(CC) -c -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libtallyman.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -Wconversion -Wshadow,$(CFLAGS)) $(LDFLAGS) -MF $@.d -o $@ $< $(BUILD)/libtallyman.a $(LDLIBS) -lcmocka -lvterm

unit: $(UNIT)
	@set -e; for t in $(UNIT); do echo "== $$t"; $$t; done

clean: ## remove what was built
	rm -rf $(BUILD)

-include $(OBJ:.o=.d) $(wildcard $(BUILD)/unit/*.d)
.PHONY: all unit clean
