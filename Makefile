# bouncewatch: one GNU Makefile, no recursion, no configure. `make help`.

B      ?= build
SAN    ?=
PREFIX ?= /usr/local
CC     ?= gcc
CFLAGS ?= -O2 -g
VERSION := 0.1.0

.DELETE_ON_ERROR:
.SUFFIXES:

all: $(B)/bouncewatch ## build the program (the default)

# --- rooms ------------------------------------------------------------------
# A room sees only the headers of the rooms that it may use: a wrong arrow
# does not compile (DESIGN.md, "Rooms").
ROOMS        := parsers conf store daemon
INC_parsers  := -Iparsers
INC_conf     := -Iconf -Iparsers
INC_store    := -Istore -Iparsers -I$(B)/gen/store
INC_daemon   := -Idaemon -Istore -Iconf -Iparsers
INC_gen      := -Iparsers
INC_tests    := -Itests/unit -Idaemon -Istore -Iconf -Iparsers
room = $(firstword $(subst /, ,$(1)))

PKGS     := libetpan sqlite3 yaml-0.1 gnutls libidn2 zlib
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
# Debian's libetpan.pc drags its own link flags along; the library is enough.
LDLIBS    = -letpan -lsqlite3 -lyaml -lgnutls -lidn2 -lunistring -lz -lpthread

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wformat=2 -Wvla -Wundef -Wpointer-arith -Werror
ifeq ($(SAN),)
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now
else
HARDEN := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN_LD := -fsanitize=$(SAN)
endif
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DBOUNCEWATCH_VERSION='"$(VERSION)"' \
	$(WARN) $(HARDEN) $(CFLAGS) -MMD -MP
ALL_LDFLAGS = $(HARDEN_LD) $(LDFLAGS)

src = $(wildcard $(1)/*.c)
HOST_SRC    := conf/mkrules.c
SRC_parsers := $(call src,parsers)
SRC_conf    := $(filter-out $(HOST_SRC),$(call src,conf))
SRC_store   := $(call src,store)
SRC_daemon  := $(filter-out daemon/main.c,$(call src,daemon)) \
	$(call src,daemon/cmd) $(call src,daemon/export) \
	$(call src,daemon/report)
obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
lib = $(B)/lib/lib$(1).a

$(foreach r,$(ROOMS),$(eval $(call lib,$(r)): $(call obj,$(SRC_$(r)))))
$(B)/lib/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(INC_$(call room,$<)) $(PKG_CFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Rules are data, compiled into a table at build time by a host tool that
# uses the same loader as a user's own rules.
RULES := $(sort $(wildcard conf/rules/*.yaml))
MKRULES := $(B)/mkrules
$(MKRULES): $(call obj,$(HOST_SRC)) $(call lib,conf) $(call lib,parsers)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)
$(B)/gen/rules_builtin.c: $(MKRULES) $(RULES)
	@mkdir -p $(@D)
	$(MKRULES) $(RULES) > $@
$(B)/obj/gen/rules_builtin.o: $(B)/gen/rules_builtin.c
	@mkdir -p $(@D)
	$(CC) $(INC_gen) $(ALL_CFLAGS) -c -o $@ $<

# schema.sql stays a file that people read; the program carries its bytes.
$(B)/gen/store/schema.inc: store/schema.sql
	@mkdir -p $(@D)
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@
$(call obj,$(SRC_store)): | $(B)/gen/store/schema.inc
$(B)/obj/store/db.o: $(B)/gen/store/schema.inc

# The order in which the linker needs them: users before what they use.
LIBS := $(foreach r,daemon store conf parsers,$(call lib,$(r)))
PROGRAM_OBJ := $(call obj,daemon/main.c) $(B)/obj/gen/rules_builtin.o
$(B)/bouncewatch: $(PROGRAM_OBJ) $(LIBS)
	$(CC) $(ALL_LDFLAGS) -o $@ $(PROGRAM_OBJ) $(LIBS) $(LDLIBS)

# --- unit tests ---------------------------------------------------------------
# tests/unit/ROOM-FILE.c tests ROOM/FILE.c and links only what that room may.
UNIT_SRC := $(wildcard tests/unit/*-*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT_SRC))
USES_parsers := parsers
USES_conf    := conf parsers
USES_store   := store parsers
USES_daemon  := daemon store conf parsers
unit_libs = $(foreach r,$(USES_$(firstword $(subst -, ,$(1)))),$(call lib,$(r)))
.SECONDEXPANSION:
$(UNIT_BIN): $(B)/unit/%: $(B)/obj/tests/unit/%.o $(B)/obj/gen/rules_builtin.o \
		$$(call unit_libs,$$*)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

unit: $(UNIT_BIN) ## run the unit tests
	@set -e; for t in $(UNIT_BIN); do $$t; done

clean: ## remove what was built
	rm -rf $(B)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: all unit clean help

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
