/*
 * Looking after the database: how large it is and of what, whether it is
 * sound, a copy of it while the daemon records, and what may go.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "atomic.h"
#include "cmd.h"
#include "db_care.h"
#include "db_purge.h"
#include "db_stat.h"
#include "ingest.h"
#include "print.h"
#include "progress.h"
#include "say.h"

static const char *const formats[] = {"text", "jsonl", "csv", NULL};

static struct {
	int format;
	bool quick, force, dry_run;
	int64_t evidence_before;
} opt;

static const struct option_row rows[] = {
	OPT_FLAG("dry-run", 'n', &opt.dry_run,
		"purge: tell what it would come to, and change nothing"),
	OPT_TIME("evidence-before", 0, "TIME", &opt.evidence_before,
		"purge: the evidence of events before this day"),
	OPT_FLAG("force", 0, &opt.force,
		"backup: replace FILE, unless it is a database of ours"),
	OPT_WORD("format", 0, "FORMAT", &opt.format, formats,
		"stat: text, jsonl or csv (text)"),
	OPT_FLAG("quick", 'q', &opt.quick, "check: leave out what takes long"),
};

/* --- how far it is --- */

struct bar {
	const char *what;
};

static void show(void *arg, const char *what, uint64_t done, uint64_t total)
{
	struct bar *b = arg;

	if (!b->what || strcmp(b->what, what) != 0) {
		progress_start(what, total);
		b->what = what;
	}
	progress_at(done);
}

/* --- stat --- */

static void (*const writers[])(
	struct out *o, const char *file, const struct db_care_stat *s) = {
	db_stat_text, db_stat_jsonl, db_stat_csv};

static int run_stat(struct env *e, int n, char **args)
{
	static struct db_care_stat s;
	struct bar bar = {NULL};
	struct db_care_watch w = {show, &bar};
	int rc;

	(void)n, (void)args;
	rc = db_care_stat(e->db, &w, &s);
	progress_end();
	if (rc)
		return env_db_failed(e->db);
	if (!s.sized)
		say("this SQLite was built without dbstat: it cannot tell how "
		    "large a table is");
	writers[opt.format](e->out, e->conf.database, &s);
	return 0;
}

/* --- check --- */

struct finding {
	struct out *out;
	struct bar bar;
	uint64_t n;
};

static void found(void *arg, const char *line)
{
	struct finding *f = arg;

	f->n++;
	progress_hide();
	print_visible(f->out, str_from(line));
	out_char(f->out, '\n');
	out_flush(f->out);
}

static struct db_care_check checking(
	struct finding *f, enum db_care_depth depth)
{
	return (struct db_care_check){
		.depth = depth,
		.wrong = found,
		.arg = f,
		.watch = {show, &f->bar},
	};
}

static double mb(int64_t bytes)
{
	return (double)bytes / 1e6;
}

static int run_check(struct env *e, int n, char **args)
{
	struct finding f = {.out = e->out};
	struct db_care_check c =
		checking(&f, opt.quick ? DB_CARE_QUICK : DB_CARE_ALL);
	int rc;

	(void)n, (void)args;
	rc = db_care_check(e->db, &c);
	progress_end();
	if (rc)
		return env_db_failed(e->db);
	if (!f.n) {
		say_line("%s: sound%s", say_z(e->conf.database),
			opt.quick ? ", as far as a quick look tells" : "");
		return 0;
	}
	say("'%s' is damaged: restore a backup", say_z(e->conf.database));
	return EX_DATAERR;
}

/* --- backup --- */

/* Another's WAL beside it would be taken for that of the copy. */
static int has_wal(const char *file)
{
	static const char *const ends[] = {"-wal", "-journal"};
	char path[4096];
	struct stat st;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		int n = snprintf(path, sizeof(path), "%s%s", file, ends[i]);

		if (n < 0 || (size_t)n >= sizeof(path) || lstat(path, &st))
			continue;
		say("db: '%s' is of another database; name another FILE, or "
		    "remove it",
			say_z(path));
		return EX_CANTCREAT;
	}
	return 0;
}

/*
 * Before the database is open: to look into a file and to close it again would
 * drop our locks if it were the same.
 */
static int may_write(const char *file)
{
	struct stat st;

	if (db_care_is_ours(file)) {
		say("db: '%s' is a bouncewatch database, which is never "
		    "replaced; name another FILE, or remove it",
			say_z(file));
		return EX_CANTCREAT;
	}
	if (!stat(file, &st) && !S_ISREG(st.st_mode)) {
		say("db: '%s' is no regular file", say_z(file));
		return EX_CANTCREAT;
	}
	if (!lstat(file, &st) && !opt.force) {
		say("db: there is '%s' already; --force replaces it",
			say_z(file));
		return EX_CANTCREAT;
	}
	return has_wal(file);
}

static int copy(struct env *e, struct atomic *a, const char *file)
{
	struct finding f = {.out = e->out};
	struct db_care_check c = checking(&f, DB_CARE_QUICK);
	int64_t pages;
	int rc = db_care_backup(e->db, atomic_path(a), &c, &pages);

	progress_end();
	if (rc)
		return env_db_failed(e->db);
	if (f.n) {
		say("'%s' is damaged, and so would be its copy: nothing was "
		    "put in the place of '%s'",
			say_z(e->conf.database), say_z(file));
		return EX_DATAERR;
	}
	if (atomic_commit(a)) {
		say("%s", atomic_error(a));
		return EX_CANTCREAT;
	}
	say_line("%s: %.1f MB, looked through and sound", say_z(file),
		mb(pages * 4096));
	return 0;
}

static int run_backup(struct env *e, int n, char **args)
{
	const char *file = args[0];
	struct atomic *a;
	int status;
	(void)n;

	if (atomic_open(file, 0640, &a)) {
		say("%s", atomic_error(a));
		status = EX_CANTCREAT;
	} else {
		status = copy(e, a, file);
	}
	atomic_close(a);
	return status;
}

/* --- vacuum --- */

static int run_vacuum(struct env *e, int n, char **args)
{
	struct db_care_stat before, after;
	struct bar bar = {NULL};
	struct db_care_watch w = {show, &bar};
	int64_t needs = 0;
	int rc;

	(void)n, (void)args;
	rc = db_care_size(e->db, &before) ||
	     db_care_vacuum(e->db, &w, &needs) || db_care_size(e->db, &after);
	progress_end();
	if (rc)
		return env_db_failed(e->db);
	say_line("%s: was %.1f MB, is %.1f MB", say_z(e->conf.database),
		mb(before.bytes), mb(after.bytes));
	return 0;
}

/* --- purge --- */

static int run_purge(struct env *e, int n, char **args)
{
	if (opt.evidence_before)
		return db_purge_evidence(e, opt.evidence_before, opt.dry_run);
	return db_purge_addresses(e, args, n, opt.dry_run);
}

/* --- the verbs --- */

static const struct verb {
	struct cmd_word word;
	enum db_mode mode;
	const char *options; /* of rows, those that it takes */
	bool file;           /* it wants a FILE */
	int (*run)(struct env *e, int n, char **args);
} verbs[] = {
	{{"stat", "how large it is, by table, and from when to when"},  DB_READ,
         "format",                  false, run_stat  },
	{{"check", "whether it is sound (exit status 65: it is not)"},  DB_READ,
         "quick",                   false, run_check },
	{{"backup", "copy it to FILE, whoever writes to it meanwhile"}, DB_READ,
         "force",                   true,  run_backup},
	{{"vacuum", "give back what is free, while no watch runs"},     DB_WATCH,
         "",			false, run_vacuum},
	{{"purge", "forget addresses, or evidence before its time"},    DB_WRITE,
         "dry-run evidence-before", false, run_purge },
};

#define VERBS_N (sizeof(verbs) / sizeof(verbs[0]))

static bool word(size_t i, struct cmd_word *w)
{
	if (i < VERBS_N)
		*w = verbs[i].word;
	return i < VERBS_N;
}

static const char *word_options(size_t i)
{
	return verbs[i].options;
}

/* An option that this one does not take; NULL: all are its own. */
static const char *stray_option(const struct verb *v)
{
	const struct {
		bool given;
		const char *name;
	} given[] = {
		{opt.dry_run,              "dry-run"        },
		{opt.evidence_before != 0, "evidence-before"},
		{opt.force,                "force"          },
		{opt.format != 0,          "format"         },
		{opt.quick,                "quick"          },
	};

	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
		if (given[i].given && !strstr(v->options, given[i].name))
			return given[i].name;
	return NULL;
}

static int check_purge(int argc)
{
	if (argc > 1 && opt.evidence_before)
		return cmd_usage(&cmd_db,
			"purge: either addresses, or evidence: not both");
	if (argc < 2 && !opt.evidence_before)
		return cmd_usage(&cmd_db,
			"purge: say what is to go: addresses, or "
			"--evidence-before=2026-01-01");
	return 0;
}

static int check_arguments(const struct verb *v, int argc, char **argv)
{
	const char *stray = stray_option(v);

	if (stray)
		return cmd_usage(
			&cmd_db, "%s: takes no --%s", v->word.name, stray);
	if (v->file && argc < 2)
		return cmd_usage(&cmd_db, "%s: name the FILE", v->word.name);
	if (v->run == run_purge)
		return check_purge(argc);
	if (argc > 1 + v->file)
		return cmd_usage(&cmd_db, "%s: '%s' has no place here",
			v->word.name, say_z(argv[1 + v->file]));
	return 0;
}

/* The watch would make a database where there is none. */
static int must_exist(struct env *e)
{
	int status = env_open_database(e, DB_READ);

	db_close(e->db);
	e->db = NULL;
	return status;
}

static int run_verb(struct env *e, const struct verb *v, int n, char **args)
{
	int status = env_open_conf(e, ENV_DATABASE);

	if (!status && v->file)
		status = may_write(args[0]);
	if (!status && v->mode == DB_WATCH)
		status = must_exist(e);
	if (!status)
		status = env_open_database(e, v->mode);
	return status ? status : v->run(e, n, args);
}

static int run(struct env *e, int argc, char **argv)
{
	for (size_t i = 0; argc && i < VERBS_N; i++) {
		int status;

		if (strcmp(verbs[i].word.name, argv[0]) != 0)
			continue;
		status = check_arguments(&verbs[i], argc, argv);
		return status ? status
			      : run_verb(e, &verbs[i], argc - 1, argv + 1);
	}
	return cmd_wrong_word(&cmd_db, argc ? argv[0] : NULL);
}

const struct cmd cmd_db = {
	.name = "db",
	.help = "look after the database: size, soundness, backup, room",
	.synopsis = "stat [--format=FORMAT]\n"
		    "check [-q]\n"
		    "backup [--force] FILE\n"
		    "vacuum\n"
		    "purge [-n] ADDRESS ...\n"
		    "purge [-n] --evidence-before=TIME",
	.needs = ENV_NOTHING,
	.options = CMD_OPTIONS(rows),
	.what_word = "command",
	.word = word,
	.word_options = word_options,
	.files = true,
	.run = run,
};
