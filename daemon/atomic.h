/*
 * A file that is there whole or not at all: written beside its target, synced,
 * renamed over it. Readers see the old one or the new one. A target that is a
 * symbolic link is replaced, never followed; one that is neither a file nor a
 * link to one (a device, a pipe, a folder) is refused.
 *
 * Who is ended by SIGTERM, SIGINT or SIGHUP takes its unfinished files away,
 * where these signals have no other use; what a killed program left is taken
 * away by the next that writes into the folder, a minute later or more.
 */
#ifndef ATOMIC_H
#define ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

struct atomic;

/*
 * Begin to write path; mode is set whatever the umask. Always gives *out,
 * unless out of memory: NULL. -1: atomic_error().
 */
int atomic_open(const char *path, unsigned mode, struct atomic **out)
	__attribute__((warn_unused_result));

/*
 * The same for one more file in the folder of `beside`, which must outlive it:
 * hundreds of them take no more descriptors than one. NULL: atomic_open().
 */
int atomic_open_beside(const struct atomic *beside, const char *path,
	unsigned mode, struct atomic **out) __attribute__((warn_unused_result));

int atomic_fd(const struct atomic *a);

/* Where it lies until then, for who cannot write to a descriptor. */
const char *atomic_path(const struct atomic *a);

/* How much was written so far; 0 behind the commit. */
uint64_t atomic_size(const struct atomic *a);

/* All of it is on the disk, beside its place; atomic_fd() is closed. -1:
 * atomic_error(). */
int atomic_finish(struct atomic *a) __attribute__((warn_unused_result));

/* Put it in place; finishes it first, where that was not done. -1:
 * atomic_error(), and the old file is untouched. */
int atomic_commit(struct atomic *a) __attribute__((warn_unused_result));

/*
 * Take away a file in the folder of a, where it is one: the folder is synced
 * by the next commit. 1: it was there (with `look`: is there, and stays); 0;
 * -1: atomic_error().
 */
int atomic_remove(struct atomic *a, const char *name, bool look)
	__attribute__((warn_unused_result));

/* Without a commit before, nothing remains of it. NULL does nothing. */
void atomic_close(struct atomic *a);

/* Whether that is because a device, a pipe or the like stands there: who calls
 * knows what was wanted. */
bool atomic_is_no_file(const struct atomic *a);

/* "unable to create 'x': reason". */
const char *atomic_error(const struct atomic *a);

#endif
