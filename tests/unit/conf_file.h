/*
 * For the tests of conf/: files in a folder of their own, and the mistakes of
 * a load as one text, "3: unknown key ...\n7: warning: ...\n".
 */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf.h"

struct conf_file {
	char folder[64];
	char path[80]; /* of the file put last */
};

/* cmocka setup and teardown; *state is a struct conf_file. */
static inline int conf_file_setup(void **state)
{
	struct conf_file *file = calloc(1, sizeof(*file));

	if (!file)
		return -1;
	snprintf(file->folder, sizeof(file->folder), "/tmp/bw-conf-XXXXXX");
	if (!mkdtemp(file->folder)) {
		free(file);
		return -1;
	}
	*state = file;
	return 0;
}

static inline int conf_file_teardown(void **state)
{
	struct conf_file *file = *state;
	DIR *dir = opendir(file->folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(file->folder);
	free(file);
	return 0;
}

/* Write n bytes to the file name of the folder, with mode 0600. */
static inline void conf_file_put(
	struct conf_file *file, const char *name, const void *bytes, size_t n)
{
	FILE *f;

	snprintf(file->path, sizeof(file->path), "%s/%s", file->folder, name);
	f = fopen(file->path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(file->path, 0600), 0);
}

/* The mistakes as text; free() it. */
static inline char *conf_file_text(const struct conf_mistakes *m)
{
	char *text = NULL;
	size_t n = 0, i;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	for (i = 0; i < m->n; i++)
		fprintf(f, "%u: %s%s\n", m->v[i].line,
			m->v[i].warning ? "warning: " : "", m->v[i].text);
	assert_int_equal(fclose(f), 0);
	return text;
}

/* The mistakes with the name of the folder, which changes, as "DIR". */
static inline char *conf_file_masked(
	const struct conf_file *file, const struct conf_mistakes *m)
{
	size_t n = strlen(file->folder), size = 0;
	char *text = conf_file_text(m), *masked = NULL;
	const char *p, *at;
	FILE *f = open_memstream(&masked, &size);

	assert_non_null(f);
	for (p = text; (at = strstr(p, file->folder)); p = at + n)
		fprintf(f, "%.*sDIR", (int)(at - p), p);
	fputs(p, f);
	assert_int_equal(fclose(f), 0);
	free(text);
	return masked;
}

/* Load yaml as the file bw.yaml. Returns the mistakes, masked; free() them and
 * release *c. */
static inline char *conf_file_load(
	struct conf_file *file, const char *yaml, struct conf *c)
{
	struct conf_mistakes m;
	char *text;
	int rc;

	conf_file_put(file, "bw.yaml", yaml, strlen(yaml));
	rc = conf_load(file->path, c, &m);
	assert_int_equal(rc, mistake_is_fatal(&m) ? -1 : 0);
	if (rc < 0)
		assert_null(c->path);
	text = conf_file_masked(file, &m);
	conf_mistakes_release(&m);
	return text;
}

/* What a load must say. */
struct conf_file_case {
	const char *yaml, *want;
};

/* Load each of the cases behind a beginning; fails with all differences. */
static inline void conf_file_expect(struct conf_file *file, const char *before,
	const struct conf_file_case *cases, size_t n)
{
	size_t i, failed = 0;
	char *yaml, *got;
	struct conf c;

	for (i = 0; i < n; i++) {
		assert_true(asprintf(&yaml, "%s%s", before, cases[i].yaml) > 0);
		got = conf_file_load(file, yaml, &c);
		if (strcmp(got, cases[i].want) != 0) {
			print_message("%s\n--- gives\n%s--- not\n%s\n",
				cases[i].yaml, got, cases[i].want);
			failed++;
		}
		free(got);
		free(yaml);
		conf_release(&c);
	}
	assert_int_equal(failed, 0);
}

#endif
