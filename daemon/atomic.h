/*
 * A file that is there whole or not at all: written beside its target, synced,
 * renamed over it. Readers see the old one or the new one. A target that is a
 * symbolic link is replaced, never followed; one that is neither a file nor a
 * link to one (a device, a pipe, a folder) is refused.
 */
#ifndef ATOMIC_H
#define ATOMIC_H

struct atomic;

/*
 * Begin to write path; mode is set whatever the umask. Always gives *out,
 * unless out of memory: NULL. -1: atomic_error().
 */
int atomic_open(const char *path, unsigned mode, struct atomic **out)
	__attribute__((warn_unused_result));

int atomic_fd(const struct atomic *a);

/* Put it in place. -1: atomic_error(), and the old file is untouched. */
int atomic_commit(struct atomic *a) __attribute__((warn_unused_result));

/* Without a commit before, nothing remains of it. NULL does nothing. */
void atomic_close(struct atomic *a);

/* "unable to create 'x': reason". */
const char *atomic_error(const struct atomic *a);

#endif
