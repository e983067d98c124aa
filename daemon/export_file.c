/* Files of exports: never one of our own, never a half. */
#include "export_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "same_file.h"
#include "say.h"

#define FILE_MODE 0640u

/* Whether path is the database or one of the files beside it. */
static bool replaces_database(const char *path, const char *database)
{
	static const char *const ends[] = {
		"", "-wal", "-shm", "-journal", ".lock"};
	bool same = false;

	for (size_t i = 0; !same && i < sizeof(ends) / sizeof(*ends); i++) {
		char *own;

		if (asprintf(&own, "%s%s", database, ends[i]) < 0)
			return false;
		same = same_file(path, own);
		free(own);
	}
	return same;
}

/* What an account is logged in with, and rules. */
static bool is_of_configuration(const struct conf *c, const char *path)
{
	bool is = false;

	for (size_t i = 0; !is && i < c->accounts_n; i++) {
		const struct conf_account *a = &c->accounts[i];
		const char *const files[] = {
			a->password_file, a->token_file, a->ca_file};

		for (size_t k = 0; k < 3; k++)
			is = is || (files[k] && same_file(path, files[k]));
	}
	for (size_t i = 0; !is && i < c->rules.n; i++)
		is = same_file(path, c->rules.v[i]);
	return is;
}

const char *export_file_ours(
	const struct conf *c, const char *config, const char *path)
{
	char *real = realpath(c->database, NULL);
	const char *what = NULL;

	if (replaces_database(path, c->database) ||
		(real && replaces_database(path, real)))
		what = "it belongs to the database";
	else if (same_file(path, config))
		what = "it is the configuration";
	else if (is_of_configuration(c, path))
		what = "the configuration names it, to be read";
	free(real);
	return what;
}

static const char *our_own(const struct env *e, const char *path)
{
	return export_file_ours(&e->conf, e->config, path);
}

int export_file_spare(const struct env *e, const char *path)
{
	const char *what = our_own(e, path);

	if (!what)
		return 0;
	say("unable to create '%s': %s", say_z(path), what);
	return EX_CANTCREAT;
}

int export_file_open(struct export_file *f, const struct env *e,
	const struct export_file *beside, const char *path)
{
	int status = export_file_spare(e, path);

	*f = (struct export_file){.path = NULL};
	if (status)
		return status;
	f->path = strdup(path);
	f->out = malloc(sizeof(*f->out));
	if (!f->path || !f->out) {
		say("out of memory");
		return EX_OSERR;
	}
	if (atomic_open_beside(beside ? beside->atomic : NULL, path, FILE_MODE,
		    &f->atomic)) {
		say("%s", atomic_error(f->atomic));
		if (atomic_is_no_file(f->atomic))
			say_hint("leave -o out to write to standard output");
		return EX_CANTCREAT;
	}
	out_init(f->out, atomic_fd(f->atomic));
	return 0;
}

int export_file_finish(struct export_file *f)
{
	if (out_flush(f->out)) {
		say("unable to write '%s': %s", say_z(f->path),
			strerror(f->out->error));
		return EX_IOERR;
	}
	free(f->out);
	f->out = NULL;
	if (!atomic_finish(f->atomic))
		return 0;
	say("%s", atomic_error(f->atomic));
	return EX_IOERR;
}

int export_file_commit(struct export_file *f)
{
	if (!atomic_commit(f->atomic))
		return 0;
	say("%s", atomic_error(f->atomic));
	return EX_IOERR;
}

int export_file_remove(const struct export_file *f, const struct env *e,
	const char *path, bool look)
{
	const char *slash = strrchr(path, '/');
	int rc;

	if (our_own(e, path))
		return 0;
	rc = atomic_remove(f->atomic, slash ? slash + 1 : path, look);
	if (rc < 0)
		say("%s", atomic_error(f->atomic));
	return rc;
}

void export_file_close(struct export_file *f)
{
	atomic_close(f->atomic);
	free(f->out);
	free(f->path);
	*f = (struct export_file){.path = NULL};
}
