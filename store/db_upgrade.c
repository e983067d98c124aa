/*
 * What a file is, and how it becomes what this version needs. A file is known
 * by application_id and user_version in its header; the steps run in one
 * transaction, so that a crash leaves the old schema or the new one.
 */
#include <stdio.h>

#include <sqlite3.h>

#include "db_private.h"

static const char schema[] =
#include "schema.inc"
	;
static const char upgrade_2[] =
#include "upgrade-2.inc"
	;
static const char upgrade_3[] =
#include "upgrade-3.inc"
	;
static const char upgrade_4[] =
#include "upgrade-4.inc"
	;
static const char upgrade_5[] =
#include "upgrade-5.inc"
	;
static const char upgrade_6[] =
#include "upgrade-6.inc"
	;

/* Nothing leads nowhere after tables were replaced. */
static int check_keys(struct db *db)
{
	int64_t n;

	if (db_exec_int(
		    db, "SELECT count(*) FROM pragma_foreign_key_check()", &n))
		return -1;
	if (n)
		return db_fail(db, DB_DAMAGED,
			"unable to bring '%s' to schema %d: %lld references "
			"lead nowhere; nothing was changed",
			db->path, DB_VERSION, (long long)n);
	return 0;
}

const struct db_step db_upgrade_steps[] = {
	{0, DB_VERSION, schema,    NULL      },
	{1, 2,          upgrade_2, NULL      },
	{2, 3,          upgrade_3, check_keys},
	{3, 4,          upgrade_4, NULL      },
	{4, 5,          upgrade_5, check_keys},
	{5, 6,          upgrade_6, NULL      },
};
const size_t db_upgrade_steps_n =
	sizeof(db_upgrade_steps) / sizeof(*db_upgrade_steps);

static int too_new(struct db *db, int64_t version, int known)
{
	return db_fail(db, DB_TOO_NEW,
		"unable to open '%s': it was written by a later version of "
		"bouncewatch (schema %lld, this one knows %d)",
		db->path, (long long)version, known);
}

struct header {
	int64_t id, version, objects;
};

static int read_header(struct db *db, struct header *h)
{
	return db_exec_int(db, "PRAGMA application_id", &h->id) ||
			       db_exec_int(db, "PRAGMA user_version",
				       &h->version) ||
			       db_exec_int(db,
				       "SELECT count(*) FROM sqlite_master",
				       &h->objects)
		       ? -1
		       : 0;
}

/* All of one moment: another program may be making the file just now. */
static int read_header_at_once(struct db *db, struct header *h)
{
	int rc;

	if (!sqlite3_get_autocommit(db->sqlite))
		return read_header(db, h);
	if (db_read_begin(db))
		return -1;
	rc = read_header(db, h);
	db_read_end(db);
	return rc;
}

int db_identify(struct db *db, enum db_identity *out)
{
	struct header h;

	if (read_header_at_once(db, &h))
		return -1;
	*out = DB_IS_OURS;
	if (h.id == DB_APPLICATION_ID && h.version > DB_VERSION)
		return too_new(db, h.version, DB_VERSION);
	if (h.id == DB_APPLICATION_ID && h.version > 0)
		return 0;
	if (h.id == 0 && h.version == 0 && h.objects == 0) {
		*out = DB_IS_EMPTY;
		return 0;
	}
	return db_fail(db, DB_DAMAGED,
		"unable to open '%s': it is a database of another program",
		db->path);
}

/* PRAGMA takes no parameters; these numbers are ours. */
static int set_header(struct db *db, int version)
{
	char sql[96];

	(void)snprintf(sql, sizeof(sql),
		"PRAGMA application_id = %d; PRAGMA user_version = %d",
		DB_APPLICATION_ID, version);
	return db_exec(db, sql);
}

static int run_steps(struct db *db, const struct db_step *steps, size_t n)
{
	enum db_identity identity;
	int64_t version;

	/* Another program may have been here before we had the lock. */
	if (db_identify(db, &identity) ||
		db_exec_int(db, "PRAGMA user_version", &version))
		return -1;
	if (version > steps[n - 1].version)
		return too_new(db, version, steps[n - 1].version);
	for (size_t i = 0; i < n; i++) {
		const struct db_step *step = &steps[i];

		if (step->from != version)
			continue;
		if (step->sql && db_exec(db, step->sql))
			return -1;
		if (step->fn && step->fn(db))
			return -1;
		version = step->version;
	}
	return set_header(db, (int)version);
}

int db_upgrade(struct db *db, const struct db_step *steps, size_t n)
{
	int64_t version;
	int rc;

	if (db_exec_int(db, "PRAGMA user_version", &version))
		return -1;
	if (version == steps[n - 1].version)
		return 0;
	/* So that tables can be replaced; not possible in a transaction. */
	if (db_exec(db, "PRAGMA foreign_keys = OFF"))
		return -1;
	rc = db_begin(db);
	if (!rc)
		rc = run_steps(db, steps, n) || db_commit(db) ? -1 : 0;
	if (rc)
		db_rollback(db);
	return db_exec(db, "PRAGMA foreign_keys = ON") || rc ? -1 : 0;
}
