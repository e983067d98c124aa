/* Whether two paths are one place, also where nothing is there yet. */
#ifndef SAME_FILE_H
#define SAME_FILE_H

#include <stdbool.h>

/* A new file at path would take the place of other, or of what it links to. */
bool same_file(const char *path, const char *other);

#endif
