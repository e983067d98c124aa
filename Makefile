# bouncewatch: one GNU Makefile, no recursion, no configure. `make help`.

B      ?= build
SAN    ?=
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
VERSION := 0.1.0
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(MAKELEVEL),0)
# Use all cores, also where nobody said -j.
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif

.DELETE_ON_ERROR:
.SUFFIXES:

# Commands are shown in short; V=1 shows them as they are.
ifeq ($(V),)
Q   := @
say  = @printf '  %-5s %s\n' $(1) $(2)
endif

all: $(B)/bouncewatch ## build the program (the default)

# --- packages -----------------------------------------------------------------
BUILD_PKGS := libetpan-dev libsqlite3-dev libyaml-dev libgnutls28-dev \
	libidn2-dev libunistring-dev zlib1g-dev libyajl-dev libc-ares-dev \
	pkg-config
DEMO_PKGS  := dovecot-imapd openssl
CHECK_PKGS := $(DEMO_PKGS) libcmocka-dev mandoc sqlite3 python3 procps \
	shellcheck clang clang-format libclang-rt-dev zsh jq strace libnss-wrapper \
	chromium fonts-dejavu-core msmtp tzdata
# Two mail systems that read what we export: unpacked, not installed.
MTA_PKGS   := postfix postfix-sqlite postfix-lmdb postfix-cdb exim4-daemon-heavy
# A name server for tests on the loopback interface: unpacked as well.
DNS_PKGS   := nsd

deps: ## install what the build needs (Debian packages)
	@.ci/packages $(BUILD_PKGS)

demo-deps: # what the demo needs
	@.ci/packages $(BUILD_PKGS) $(DEMO_PKGS)

check-deps: ## install what the build and the tests need
	@.ci/packages $(BUILD_PKGS) $(CHECK_PKGS)
	@.ci/unpack $(B)/mta $(MTA_PKGS)
	@.ci/unpack $(B)/dns $(DNS_PKGS)

# The goals that install first make everything that is compiled wait for it.
PREPARED := $(if $(filter check check-all,$(MAKECMDGOALS)),check-deps,\
	$(if $(filter demo,$(MAKECMDGOALS)),demo-deps,\
	$(if $(filter deps,$(MAKECMDGOALS)),deps)))

# --- rooms ------------------------------------------------------------------
# A room sees only the headers of the rooms that it may use: a wrong arrow
# does not compile (DESIGN.md, "Rooms").
ROOMS        := parsers conf store daemon
INC_parsers  := -Iparsers
INC_conf     := -Iconf -Iparsers
INC_store    := -Istore -Iparsers -I$(B)/gen/store
INC_daemon   := -Idaemon -Istore -Iconf -Iparsers -I$(B)/gen/daemon
INC_gen      := -Iparsers
INC_tests    := -Itests/unit -Itests/hostile -Itests/fuzz/target -Idaemon -Istore -Iconf -Iparsers
room = $(firstword $(subst /, ,$(1)))

PKGS     := libetpan sqlite3 yaml-0.1 gnutls libidn2 zlib yajl libcares
# Asked once, when first needed: `make deps` may only now install pkg-config.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
# Debian's libetpan.pc drags its own link flags along; the library is enough.
LDLIBS    = -letpan -lsqlite3 -lyaml -lgnutls -lidn2 -lunistring -lz -lyajl -lcares \
	-lpthread -lm

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
	$(call src,daemon/report) $(call src,daemon/import)
obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
lib = $(B)/lib/lib$(1).a

$(foreach r,$(ROOMS),$(eval $(call lib,$(r)): $(call obj,$(SRC_$(r)))))
$(B)/lib/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(B)/obj/%.o: %.c | $(PREPARED)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(INC_$(call room,$<)) $(PKG_CFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Rules are data, compiled into a table at build time by a host tool that
# uses the same loader as a user's own rules.
RULES := $(sort $(wildcard conf/rules/*.yaml))
MKRULES := $(B)/mkrules
$(MKRULES): $(call obj,$(HOST_SRC)) $(call lib,conf) $(call lib,parsers)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)
$(B)/gen/rules_builtin.c: $(MKRULES) $(RULES)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(MKRULES) $(RULES) > $@
$(B)/obj/gen/rules_builtin.o: $(B)/gen/rules_builtin.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(INC_gen) $(ALL_CFLAGS) -c -o $@ $<

# The schema stays a file that people read; the program carries its bytes.
as_string = sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $< > $@
STORE_SQL := $(patsubst store/%.sql,$(B)/gen/store/%.inc,$(wildcard store/*.sql))
$(STORE_SQL): $(B)/gen/store/%.inc: store/%.sql
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(as_string)
$(call obj,$(SRC_store)): | $(STORE_SQL)
$(B)/obj/store/db_upgrade.o: $(STORE_SQL)

# So do the scripts for the completion of shells.
SHELLS := bash zsh
COMPLETION := $(SHELLS:%=$(B)/gen/daemon/completion.%.inc)
$(COMPLETION): $(B)/gen/daemon/completion.%.inc: daemon/completion/bouncewatch.%
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(as_string)
$(B)/obj/daemon/cmd/completion.o: $(COMPLETION)

# And the style of the report.
$(B)/gen/daemon/html.css.inc: daemon/report/html.css
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(as_string)
$(B)/obj/daemon/report/html.o: $(B)/gen/daemon/html.css.inc

# The outages that all senders share, as rows of a table.
$(B)/gen/store/known.inc: store/known.awk conf/incidents.yaml
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)awk -f $^ > $@
$(B)/obj/store/ledger_known.o: $(B)/gen/store/known.inc

# The order in which the linker needs them: users before what they use.
LIBS := $(foreach r,daemon store conf parsers,$(call lib,$(r)))
PROGRAM_OBJ := $(call obj,daemon/main.c) $(B)/obj/gen/rules_builtin.o
$(B)/bouncewatch: $(PROGRAM_OBJ) $(LIBS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(PROGRAM_OBJ) $(LIBS) $(LDLIBS)

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
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

$(UNIT_BIN): | $(PREPARED)

# Programs that tests need: a .c file of these folders is one, with all rooms
# and the harness behind it.
HARNESS  := $(wildcard tests/hostile/harness.c)
TOOL_SRC := $(filter-out $(HARNESS),$(foreach d,crash hostile fuzz bench browser, \
	$(wildcard tests/$(d)/*.c)))
TOOL_BIN := $(patsubst tests/%.c,$(B)/%,$(TOOL_SRC))
# What a folder of tests needs beyond that stands in its rules.mk.
include $(wildcard tests/*/rules.mk)
$(TOOL_BIN): $(B)/%: $(B)/obj/tests/%.o $(call obj,$(HARNESS)) \
		$(B)/obj/gen/rules_builtin.o $(LIBS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

# --- tests ----------------------------------------------------------------------
# tests/run.sh says what a suite is. Only lib*.sh in these folders is none.
scripts = $(filter-out tests/$(1)/lib%,$(sort $(wildcard tests/$(1)/*.sh)))
RUN     := B=$(B) tests/run.sh
GOLDEN  := tests/corpus/run.py tests/corpus/explain.py
RULES_EARN := tests/corpus/families.py
LINTS   := $(call scripts,lint)
CRASHES := $(call scripts,crash)
CMDS    := $(call scripts,cmd)
HOSTILE := $(call scripts,hostile)
CONSUMERS := $(call scripts,consumers)
FUZZ    := tests/fuzz/run.sh
IMAPS   := tests/imap/run.sh
SCORE   := tests/corpus/score.sh
BROWSER := tests/browser/report.py
ORIGIN  := tests/corpus/origin.py
DEMO    := tests/demo/demo.sh

# The same again, built by the other compiler with its sanitizers.
SAN_B     := $(B)/san
SAN_MAKE  = $(MAKE) --no-print-directory B=$(SAN_B) CC=clang \
	SAN=address,undefined
SAN_UNITS := $(patsubst $(B)/%,$(SAN_B)/%,$(UNIT_BIN))
# What libetpan loses when a server breaks the rules; all else is ours.
SAN_UNITS := $(patsubst $(SAN_B)/unit/daemon-imap,"LSAN_OPTIONS=suppressions=$\
	tests/imap/leaks:print_suppressions=0 $(SAN_B)/unit/daemon-imap",$(SAN_UNITS))
san = $(patsubst %,"B=$(SAN_B) %",$(1))
# What takes long in them, and little of whose time is ours, is for check-all.
SAN_SLOW   := $(patsubst %,tests/cmd/%.sh,export_formats batches ingest \
	completion progress report_dns report_mail)
SAN_SUITES := $(SAN_UNITS) $(call san,$(GOLDEN) \
	$(filter-out $(SAN_SLOW),$(CMDS)) $(DEMO))
SAN_LONG   := $(call san,$(SAN_SLOW) $(IMAPS))

# And once more, counting the lines that are reached.
COV_B     := $(B)/cov
COV_MAKE  = $(MAKE) --no-print-directory B=$(COV_B) CC=gcc HARDEN= \
	HARDEN_LD= CFLAGS='-O0 -g --coverage' LDFLAGS=--coverage
COV_UNITS := $(patsubst $(B)/%,$(COV_B)/%,$(filter $(B)/unit/parsers-%\
	$(B)/unit/conf-ruleset%,$(UNIT_BIN)))
COVERAGE  := "B=$(COV_B) tests/covered.sh"

# The longest first: others run beside it.
SUITES := $(SIM) $(FUZZ) $(UNIT_BIN) $(GOLDEN) $(SCORE) $(ORIGIN) \
	$(RULES_EARN) $(LINTS) $(CMDS) $(CONSUMERS) $(CRASHES) $(HOSTILE) \
	$(BROWSER) $(BENCH) $(SAN_SUITES) $(COVERAGE) $(DEMO)

# The mailbox tests mostly wait for servers and deadlines: beside the others.
check: export BESIDE := $(IMAPS)
check: all units tools sanitized covered | check-deps ## install, build, run every test
	@$(RUN) $(SUITES)

check-all: export LONG := 1
check-all: export SUITE_SECONDS := 3600
check-all: all units tools sanitized covered | check-deps ## the same with the long forms
	@$(RUN) $(SUITES) $(IMAPS) $(SAN_LONG)

units: $(UNIT_BIN)
tools: $(TOOL_BIN)

# A second configuration, so a second make: two builds share no file.
sanitized: | $(PREPARED)
	+@$(SAN_MAKE) all units tools

covered: | $(PREPARED)
	@[ ! -d $(COV_B) ] || find $(COV_B) -name '*.gcda' -delete
	+@$(COV_MAKE) all $(COV_UNITS) $(COV_TOOLS)

demo: all | demo-deps ## see it work: a real mailbox, watched, on this machine
	@B=$(B) $(DEMO)

unit: units ## run the unit tests
	@$(RUN) $(UNIT_BIN)

golden: all ## run the mails of tests/corpus
	@$(RUN) $(GOLDEN) $(SCORE)

hostile: all units tools sanitized ## mails that mean harm
	@$(RUN) $(HOSTILE)

cmd: all ## run the scenarios of the commands
	@$(RUN) $(CMDS)

consumers: all ## Postfix, Exim, sqlite3, jq read what is exported
	@$(RUN) $(CONSUMERS)

browser: all tools ## look at the report in Chromium
	@$(RUN) $(BROWSER)

imap: all ## run the scenarios against a real Dovecot
	@$(RUN) $(IMAPS)

crash: all tools ## kill it and look for what was lost
	@$(RUN) $(CRASHES)

lint: all ## check style and architecture
	@$(RUN) $(LINTS)

# tests/lint/arrows.sh tries what these must keep apart.
export INC_parsers INC_conf INC_store INC_daemon

format: ## put the C files into the form of .clang-format
	clang-format -i $(foreach d,parsers conf store daemon daemon/* tests/*, \
		$(wildcard $(d)/*.[ch]))

coverage: covered ## lines and branches of parsers/ that the tests reach
	@B=$(COV_B) tests/covered.sh

# --- installation -----------------------------------------------------------------
DATADIR = $(DESTDIR)$(PREFIX)/share
LIBDIR  = $(DESTDIR)$(PREFIX)/lib
UNITS   := bouncewatch.service bouncewatch-report.service \
	bouncewatch-report.timer
MAN     := $(sort $(wildcard man/*.[1-8]))
BASH_TO = $(DATADIR)/bash-completion/completions/bouncewatch
ZSH_TO  = $(DATADIR)/zsh/site-functions/_bouncewatch
man_to  = $(DATADIR)/man/man$(subst .,,$(suffix $(1)))/$(notdir $(1))

install: all ## install under PREFIX (/usr/local), below DESTDIR
	install -D -m 755 $(B)/bouncewatch $(DESTDIR)$(PREFIX)/bin/bouncewatch
	install -D -m 644 conf/bouncewatch.yaml \
		$(DATADIR)/doc/bouncewatch/bouncewatch.yaml
	install -D -m 644 conf/rules.sample.yaml \
		$(DATADIR)/doc/bouncewatch/rules.yaml
	install -D -m 644 conf/bouncewatch.sysusers \
		$(LIBDIR)/sysusers.d/bouncewatch.conf
	install -D -m 644 conf/bouncewatch.tmpfiles \
		$(LIBDIR)/tmpfiles.d/bouncewatch.conf
	install -d $(LIBDIR)/systemd/system
	@set -ex; for u in $(UNITS); do \
		sed 's,/usr/bin/bouncewatch,$(PREFIX)/bin/bouncewatch,' \
			conf/$$u > $(B)/$$u; \
		install -m 644 $(B)/$$u $(LIBDIR)/systemd/system; done
	install -d $(dir $(BASH_TO) $(ZSH_TO))
	$(B)/bouncewatch completion bash > $(BASH_TO)
	$(B)/bouncewatch completion zsh > $(ZSH_TO)
	chmod 644 $(BASH_TO) $(ZSH_TO)
	@set -ex; for m in $(MAN); do install -D -m 644 $$m \
		$(DATADIR)/man/man$${m##*.}/$${m##*/}; done

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/bouncewatch \
		$(DATADIR)/doc/bouncewatch/bouncewatch.yaml \
		$(DATADIR)/doc/bouncewatch/rules.yaml \
		$(LIBDIR)/sysusers.d/bouncewatch.conf \
		$(LIBDIR)/tmpfiles.d/bouncewatch.conf \
		$(UNITS:%=$(LIBDIR)/systemd/system/%)
	rm -f $(BASH_TO) $(ZSH_TO)
	rm -f $(foreach m,$(MAN),$(call man_to,$(m)))
	-rmdir $(DATADIR)/doc/bouncewatch

clean: ## remove what was built
	rm -rf $(B)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: all deps demo-deps check-deps check check-all units tools sanitized \
	covered demo unit golden hostile cmd consumers browser imap crash lint \
	format coverage install uninstall clean help

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
