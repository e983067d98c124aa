/*
 * An export on its way to a file that appears whole or not at all: a struct out
 * in front of an atomic file. What belongs to the program itself (its database,
 * its configuration) is never replaced.
 */
#ifndef EXPORT_FILE_H
#define EXPORT_FILE_H

#include "atomic.h"
#include "env.h"
#include "out.h"

struct export_file {
	char *path;
	struct atomic *atomic;
	struct out *out;
};

/* Why path may not be touched: it is the database, the configuration at
 * config, or what that names to be read. NULL: it may. */
const char *export_file_ours(
	const struct conf *c, const char *config, const char *path);

/* A mistyped -o must not cost the list itself: 0, or an exit status after
 * telling that path is a file of our own. */
int export_file_spare(const struct env *e, const char *path)
	__attribute__((warn_unused_result));

/* All three: an exit status, after telling why. Close it in any case; without
 * a commit before, nothing remains. beside: another one of the same folder,
 * that is closed later; or NULL. */
int export_file_open(struct export_file *f, const struct env *e,
	const struct export_file *beside, const char *path)
	__attribute__((warn_unused_result));

/* Write what is buffered: all of it is on disk, beside its target. After that
 * it takes neither a descriptor nor a buffer. */
int export_file_finish(struct export_file *f)
	__attribute__((warn_unused_result));

/* Put it in place, after export_file_finish(). */
int export_file_commit(struct export_file *f)
	__attribute__((warn_unused_result));

/*
 * Take away path, a file that an earlier export left in the folder of f; never
 * one of our own. 1: it was there (look: is there, and stays); 0; -1 after
 * telling why. f's commit makes it last.
 */
int export_file_remove(const struct export_file *f, const struct env *e,
	const char *path, bool look) __attribute__((warn_unused_result));

void export_file_close(struct export_file *f);

#endif
