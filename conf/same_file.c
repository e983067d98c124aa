/* A file may have two names, and a folder many ways to write it. */
#include "same_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_one(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* The folder of path, whose last part is name, malloc'd. */
static char *folder_of(const char *path, const char *name)
{
	char *folder;

	return asprintf(&folder, "%.*s.", (int)(name - path), path) < 0
		       ? NULL
		       : folder;
}

bool same_file(const char *path, const char *other)
{
	const char *slash = strrchr(path, '/');
	const char *other_slash = strrchr(other, '/');
	const char *name = slash ? slash + 1 : path;
	const char *other_name = other_slash ? other_slash + 1 : other;
	char *a, *b;
	bool same;

	if (!strcmp(path, other) || is_one(path, other))
		return true;
	/* What is not there yet (a -wal, say) will be. */
	if (strcmp(name, other_name) != 0)
		return false;
	a = folder_of(path, name);
	b = folder_of(other, other_name);
	same = a && b && is_one(a, b);
	free(a);
	free(b);
	return same;
}
