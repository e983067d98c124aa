/* What the files db_care*.c share. */
#ifndef DB_CARE_PRIVATE_H
#define DB_CARE_PRIVATE_H

#include "db_care.h"
#include "db_private.h"

/* Tell how much of total pages a connection has read, until db_care_read(). */
struct db_care_reading {
	struct sqlite3 *sqlite;
	struct db_care_watch watch;
	uint64_t total;
	int before;
};

void db_care_reading(struct db_care_reading *r, struct sqlite3 *sqlite,
	const struct db_care_watch *w, uint64_t total);
void db_care_read(struct db_care_reading *r);

int db_care_pages(struct db *db, int64_t *pages)
	__attribute__((warn_unused_result));

/* quick_check or integrity_check, and foreign_key_check. 0, or SQLite's code.
 */
int db_care_integrity(struct sqlite3 *sqlite, const struct db_care_check *c,
	uint64_t pages) __attribute__((warn_unused_result));

#endif
