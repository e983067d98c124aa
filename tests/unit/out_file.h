/* A struct out that writes to a temporary file, and what came out of it. */
#ifndef OUT_FILE_H
#define OUT_FILE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "out.h"

static struct out out_file;
static char out_file_text[262144];

static inline struct out *out_file_open(void)
{
	FILE *f = tmpfile();
	int fd = f ? dup(fileno(f)) : -1;

	assert_true(fd >= 0);
	fclose(f);
	out_init(&out_file, fd);
	return &out_file;
}

/* What was written, NUL-terminated; *n: its length. Closes the file. */
static inline const char *out_file_close(size_t *n)
{
	ssize_t got;

	assert_int_equal(out_flush(&out_file), 0);
	got = pread(out_file.fd, out_file_text, sizeof(out_file_text) - 1, 0);
	assert_true(got >= 0);
	close(out_file.fd);
	out_file_text[got] = '\0';
	if (n)
		*n = (size_t)got;
	return out_file_text;
}

#endif
