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

SIM := tests/sim/sim.sh

tools: $(B)/sim/sim $(B)/sim/choose

sim: $(B)/sim/sim ## a year of six senders, and what is to be reached
	@$(B)/sim/sim

.PHONY: sim
