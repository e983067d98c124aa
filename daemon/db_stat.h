/* What `db stat` prints, one function a format. file: the database's. */
#ifndef DB_STAT_H
#define DB_STAT_H

#include "db_care.h"
#include "out.h"

void db_stat_text(
	struct out *o, const char *file, const struct db_care_stat *s);
void db_stat_jsonl(
	struct out *o, const char *file, const struct db_care_stat *s);
void db_stat_csv(struct out *o, const char *file, const struct db_care_stat *s);

#endif
