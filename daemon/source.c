/*
 * A source is a list of files and a way to open each; what varies is how the
 * list is made and what a file's time means. A bad file is told and passed
 * over: the mails behind it must not suffer.
 */
#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mbox.h"
#include "say.h"

struct source {
	char *path;
	int dir;     /* of the files; AT_FDCWD: names has one path */
	bool mtime;  /* the time of a file is when the mail came */
	bool listed; /* files come from a directory */
	bool whole;  /* standard input: one mail, read to its end */
	char **names;
	size_t n, cap, next;
	size_t others; /* files of the directory that are no mail */
	struct mbox *mbox;
	int fd; /* of the file in hand, or -1 */
	int64_t time;
	uint64_t size, number; /* bytes of it; mails read of it */
	bool is_mbox, looks_mbox;
	char name[512], error[600], remark[600];
};

static int fail(struct source *s, const char *verb, const char *name)
{
	const char *reason = strerror(errno);

	if (s->listed)
		snprintf(s->error, sizeof(s->error), "unable to %s '%s/%s': %s",
			verb, say_z(s->path), say_z(name), reason);
	else
		snprintf(s->error, sizeof(s->error), "unable to %s '%s': %s",
			verb, say_z(name), reason);
	return -1;
}

static int add_name(struct source *s, const char *folder, const char *name)
{
	char *copy;

	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 64;
		char **grown = realloc(s->names, cap * sizeof(*grown));

		if (!grown)
			return -1;
		s->names = grown;
		s->cap = cap;
	}
	if (asprintf(&copy, "%s%s", folder, name) < 0)
		return -1;
	s->names[s->n++] = copy;
	return 0;
}

static bool is_eml(const char *name)
{
	return str_iends(str_from(name), ".eml");
}

static bool is_any(const char *name)
{
	(void)name;
	return true;
}

/* The files of s->dir/folder that wanted() wants. -1: errno. */
static int list(
	struct source *s, const char *folder, bool (*wanted)(const char *name))
{
	int fd = openat(s->dir, *folder ? folder : ".",
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	int rc = d ? 0 : -1;

	if (!d && fd >= 0)
		close(fd);
	while (!rc && (errno = 0, e = readdir(d))) {
		if (e->d_name[0] == '.' || e->d_type == DT_DIR)
			continue;
		if (wanted(e->d_name))
			rc = add_name(s, folder, e->d_name);
		else
			s->others++;
	}
	if (!rc && errno)
		rc = -1;
	if (d)
		closedir(d);
	return rc;
}

/* By the name without "new/" or "cur/": Maildir names begin with the time. */
static int by_name(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	const char *x_slash = strrchr(x, '/'), *y_slash = strrchr(y, '/');

	return strcmp(x_slash ? x_slash + 1 : x, y_slash ? y_slash + 1 : y);
}

static int open_folder(struct source *s)
{
	bool has_new, has_cur;

	s->listed = true;
	s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0)
		return -1;
	has_new = !faccessat(s->dir, "new", F_OK, 0);
	has_cur = !faccessat(s->dir, "cur", F_OK, 0);
	s->mtime = has_new || has_cur;
	if (has_new && list(s, "new/", is_any))
		return -1;
	if (has_cur && list(s, "cur/", is_any))
		return -1;
	if (!s->mtime && list(s, "", is_eml))
		return -1;
	if (s->n)
		qsort(s->names, s->n, sizeof(*s->names), by_name);
	return 0;
}

static struct source *make(const char *path)
{
	struct source *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->dir = AT_FDCWD;
	s->fd = -1;
	s->path = strdup(path);
	s->mbox = mbox_new();
	if (s->path && s->mbox)
		return s;
	source_close(s);
	return NULL;
}

int source_open(const char *path, struct source **out)
{
	struct source *s = make(path);
	struct stat st;
	int rc;

	*out = s;
	if (!s)
		return -1;
	if (stat(path, &st))
		return fail(s, "open", path);
	if (S_ISREG(st.st_mode))
		s->size = (uint64_t)st.st_size;
	rc = S_ISDIR(st.st_mode) ? open_folder(s) : add_name(s, "", path);
	if (!rc)
		return 0;
	s->listed = false; /* the path as a whole, not a file in it */
	return fail(s, "read", path);
}

int source_open_stream(int fd, const char *name, struct source **out)
{
	struct source *s = make(name);

	*out = s;
	if (!s || add_name(s, "", name))
		return -1;
	s->whole = true;
	s->fd = fd;
	if (mbox_start(s->mbox, fd))
		return fail(s, "read", name);
	return 0;
}

static void close_file(struct source *s)
{
	if (s->fd >= 0 && !s->whole)
		close(s->fd);
	s->fd = -1;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	close_file(s);
	if (s->dir >= 0)
		close(s->dir);
	for (size_t i = 0; i < s->n; i++)
		free(s->names[i]);
	free(s->names);
	mbox_free(s->mbox);
	free(s->path);
	free(s);
}

const char *source_error(const struct source *s)
{
	return s ? s->error : "out of memory";
}

static int open_file(struct source *s, const char *name)
{
	/* In a folder a pipe could keep us waiting for ever. */
	int flags = O_RDONLY | O_CLOEXEC | (s->listed ? O_NONBLOCK : 0);
	struct stat st;

	s->fd = openat(s->dir, name, flags);
	if (s->fd < 0 || fstat(s->fd, &st))
		return fail(s, "open", name);
	if (s->listed && !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return fail(s, "read", name);
	}
	s->time = s->mtime ? (int64_t)st.st_mtime : 0;
	s->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	s->number = 0;
	if (mbox_start(s->mbox, s->fd))
		return fail(s, "read", name);
	s->is_mbox = !s->mtime && mbox_is(s->mbox);
	return 0;
}

/* One mail of the open file. 1, 0 at its end, -1: errno. */
static int read_mail(struct source *s, struct mbox_mail *m)
{
	int rc;

	if (s->is_mbox)
		return mbox_next(s->mbox, m);
	if (s->number)
		return 0;
	rc = mbox_whole(s->mbox, s->whole, m);
	if (!rc && s->whole && !m->bytes.n) {
		errno = ENODATA; /* a mailer always has something to say */
		rc = -1;
	}
	if (!rc && s->whole)
		s->looks_mbox = mbox_has_more(m->bytes);
	return rc ? -1 : 1;
}

static void describe(struct source *s, const char *name)
{
	if (s->listed)
		snprintf(s->name, sizeof(s->name), "%s/%s", s->path, name);
	else if (s->is_mbox)
		snprintf(s->name, sizeof(s->name), "%s mail %llu", name,
			(unsigned long long)s->number);
	else
		snprintf(s->name, sizeof(s->name), "%s", name);
}

enum source_result source_next(struct source *s, struct source_mail *out)
{
	enum source_result bad = s->listed ? SOURCE_BAD : SOURCE_FAILED;

	while (s->next < s->n) {
		const char *name = s->names[s->next];
		struct mbox_mail m;
		int rc = s->fd < 0 ? open_file(s, name) : 0;

		if (!rc) {
			rc = read_mail(s, &m);
			if (rc < 0)
				fail(s, "read", name);
		}
		if (rc > 0) {
			s->number++;
			describe(s, name);
			*out = (struct source_mail){.bytes = m.bytes,
				.truncated = m.truncated,
				.received_at = m.at ? m.at : s->time,
				.name = s->name};
			return SOURCE_MAIL;
		}
		close_file(s);
		s->next++;
		if (rc < 0)
			return bad;
	}
	return SOURCE_END;
}

void source_progress(const struct source *s, uint64_t *done, uint64_t *total)
{
	*done = s->listed ? s->next : mbox_position(s->mbox);
	*total = s->listed ? s->n : s->size;
}

const char *source_unit(const struct source *s)
{
	return s->listed ? "files" : "bytes";
}

const char *source_remark(struct source *s)
{
	if (s->looks_mbox) {
		snprintf(s->remark, sizeof(s->remark),
			"%s looks like an mbox of several mails, but is read "
			"as one; an mbox comes as a file, or as /dev/stdin",
			say_z(s->path));
		return s->remark;
	}
	if (s->listed && !s->mtime && s->others) {
		snprintf(s->remark, sizeof(s->remark),
			"'%s': %zu file%s left alone: of a folder only files "
			"in .eml are read",
			say_z(s->path), s->others, s->others == 1 ? "" : "s");
		return s->remark;
	}
	return NULL;
}
