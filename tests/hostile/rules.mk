# oom counts the allocations of the arena.
$(B)/hostile/oom: private LDFLAGS += $(foreach f,alloc zalloc dup cstr grow,\
	-Wl,--wrap=arena_$(f))
