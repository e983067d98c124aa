# Fuzz targets: built by clang with its fuzzer and sanitizers in a folder of
# their own, each with and without its planted bug; and by any compiler
# without a fuzzer, to see what a corpus reaches.
FUZZ_B    := $(B)/fuzz
FUZZ_SRC  := $(wildcard tests/fuzz/target/*.c)
FUZZ_NAME := $(patsubst tests/fuzz/target/%.c,%,$(FUZZ_SRC))
FUZZ_LIBS  = $(call obj,$(HARNESS) daemon/charset.c daemon/csv.c \
	daemon/lines.c daemon/no_text.c daemon/json_rows.c \
	daemon/json_record.c) \
	$(B)/obj/gen/rules_builtin.o $(call lib,conf) $(call lib,parsers)

FUZZ_MAKE := $(MAKE) --no-print-directory B=$(FUZZ_B) CC=clang \
	CFLAGS='-O1 -g' SAN=fuzzer-no-link,address,undefined \
	$(foreach f,$(FUZZ_NAME),$(FUZZ_B)/bin/$(f) $(FUZZ_B)/planted/$(f))

fuzzers: | $(PREPARED)
	+@$(FUZZ_MAKE)

sanitized: fuzzers

COV_TOOLS += $(patsubst %,$(B)/cov/replay/%,$(FUZZ_NAME))

fuzz: fuzzers covered ## let the fuzzers look for 60 s each
	@B=$(B) tests/fuzz/run.sh 60

$(B)/bin/%: $(B)/obj/tests/fuzz/target/%.o $(FUZZ_LIBS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LDLIBS)

$(B)/planted/%: $(B)/obj/planted/%.o $(FUZZ_LIBS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(LDLIBS)

$(B)/obj/planted/%.o: tests/fuzz/target/%.c | $(PREPARED)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(INC_tests) $(PKG_CFLAGS) $(ALL_CFLAGS) -DPLANTED_BUG \
		-c -o $@ $<

$(B)/replay/%: $(B)/obj/tests/fuzz/main/replay.o \
		$(B)/obj/tests/fuzz/target/%.o $(FUZZ_LIBS)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

.PHONY: fuzzers fuzz
.SECONDARY: $(call obj,$(FUZZ_SRC) tests/fuzz/main/replay.c) \
	$(patsubst %,$(B)/obj/planted/%.o,$(FUZZ_NAME))
