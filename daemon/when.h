/*
 * Times as people and programs write them: RFC 3339, UTC.
 */
#ifndef WHEN_H
#define WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 3339, UTC, "2026-11-23T08:00:00Z". "" for a year out of 0 to 9999. */
#define WHEN_SIZE 32
const char *when_format(int64_t at, char buf[WHEN_SIZE]);

/* The day alone, "2026-11-23". */
const char *when_day(int64_t at, char buf[WHEN_SIZE]);

/* As in a mail (RFC 5322 3.3), "Mon, 23 Nov 2026 08:00:00 +0000"; "" as
 * above. */
const char *when_mail(int64_t at, char buf[WHEN_SIZE]);

/*
 * A time as people give it: "2026-11-23" (its first second, UTC) or RFC 3339,
 * "2026-11-23T08:00:00Z" (seconds may be absent, an offset may be given).
 * False when it is none.
 */
bool when_parse(const char *z, int64_t *out);

#endif
