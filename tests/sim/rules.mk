# The simulation: a world, the program in it, and figures.
SIM_LIB := $(call obj,tests/sim/world.c tests/sim/senders.c)
SIM_RUN := $(SIM_LIB) $(call obj,$(filter-out tests/sim/choose.c \
	tests/sim/world.c tests/sim/senders.c,$(wildcard tests/sim/*.c)))

$(B)/sim/choose: $(B)/obj/tests/sim/choose.o $(SIM_LIB) $(call lib,store) \
		$(call lib,parsers)
$(B)/sim/sim: $(SIM_RUN) $(B)/obj/gen/rules_builtin.o $(LIBS)
$(B)/sim/choose $(B)/sim/sim:
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

# What the report says of what is planted into a week.
CAUSES := $(call obj,$(wildcard tests/sim/causes/*.c))
$(CAUSES): INC_tests += -Itests/sim/causes
$(B)/sim/causes: $(CAUSES) $(B)/obj/gen/rules_builtin.o $(LIBS)

# What it calls a spike in weeks that are made up.
WEEKS := $(call obj,$(wildcard tests/sim/weeks/*.c))
$(WEEKS): INC_tests += -Itests/sim/weeks
$(B)/sim/weeks: $(WEEKS) $(B)/obj/gen/rules_builtin.o $(LIBS)
$(B)/sim/causes $(B)/sim/weeks:
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

SIM := tests/sim/sim.sh tests/sim/causes.sh tests/sim/weeks.sh

tools: $(B)/sim/sim $(B)/sim/choose $(B)/sim/causes $(B)/sim/weeks

sim: $(B)/sim/sim $(B)/sim/weeks $(B)/sim/causes ## a year of six senders, weeks of one: what is to be reached
	@$(B)/sim/sim
	@$(B)/sim/weeks
	@$(B)/sim/causes

.PHONY: sim
