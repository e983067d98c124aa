/*
 * Rows go through as bytes, in chunks: read, look at the addresses of all, and
 * give each row to one of the two outputs. What is rejected has what is said of
 * it in front of the row and not behind, so that what is left when those
 * columns are cut off is the row, whatever is wrong with its quotes.
 */
#include "check_csv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "atomic.h"
#include "csv_rows.h"
#include "export_file.h"
#include "no_text.h"
#include "print.h"
#include "progress.h"
#include "query.h"
#include "same_file.h"
#include "say.h"
#include "screen.h"
#include "when.h"

#define CHUNK_ROWS  1000000u
#define FIELDS_TOLD 20u

static const char columns[] = "line,state,scope,reason,since,";

/* Why a row is rejected without being on the list. */
enum fault {
	FAULT_OPEN = SCREEN_WRONGS,
	FAULT_LONG,
	FAULT_CR,
	FAULT_STRAY,
	FAULT_DOUBT, /* and enum address_doubt: not on the list either */
	FAULTS = FAULT_DOUBT + ADDRESS_DOUBTS
};

static const char *const fault_words[FAULT_DOUBT] = {
	[SCREEN_NO_COLUMN] = "no-column",
	[SCREEN_EMPTY] = "empty",
	[SCREEN_HIDDEN] = "hidden-character",
	[SCREEN_SEVERAL] = "several-addresses",
	[SCREEN_NAMED] = "name-and-address",
	[SCREEN_NONE] = "no-address",
	[SCREEN_APOSTROPHE] = "leading-apostrophe",
	[FAULT_OPEN] = "open-quote",
	[FAULT_LONG] = "long-row",
	[FAULT_CR] = "carriage-return",
	[FAULT_STRAY] = "text-after-quote",
};

static const char *fault_word(size_t fault)
{
	return fault < FAULT_DOUBT ? fault_words[fault]
				   : address_doubt_word((enum address_doubt)(
					     fault - FAULT_DOUBT));
}

struct work {
	const struct check_csv *c;
	struct env *env;
	const char *name;
	struct csv_rows in;
	struct csv_row *row;
	struct screen *screen;
	struct atomic *file; /* of what is rejected; NULL: nobody wants it */
	struct out *rejected;
	size_t n, column;
	bool head, any; /* there is one; any row was seen */
	uint64_t done, passed, first_fault;
	uint64_t suppressed[REASON_COUNT], held[REASON_COUNT], fault[FAULTS];
};

static int no_memory(void)
{
	say("out of memory");
	return EX_OSERR;
}

/* --- what is rejected ----------------------------------------------------- */

/* One of our columns; they have no quotes to be closed. */
static void put_column(struct work *w, const char *z)
{
	out_z(w->rejected, z);
	out_char(w->rejected, w->in.separator);
}

static void put_line(struct work *w, const struct csv_row *row)
{
	out_int(w->rejected, (int64_t)row->line);
	out_char(w->rejected, w->in.separator);
}

/* A scope is told as CSV; the rest are words of ours. */
static void put_answer(struct work *w, const struct query_answer *a)
{
	struct out *o = w->rejected;
	char separator = w->in.separator;
	char since[WHEN_SIZE];

	put_column(w, state_word(a->state));
	if (memchr(a->scope.p, separator, a->scope.n) && separator != ',') {
		out_char(o, '"');
		out_str(o, a->scope);
		out_char(o, '"');
	} else {
		print_csv(o, a->scope);
	}
	out_char(o, separator);
	put_column(w, reason_word(a->reason));
	put_column(w, when_format(a->since, since));
}

/* A row that is on the list. */
static void reject_listed(struct work *w, const struct csv_row *row,
	const struct query_asked *asked)
{
	enum verdict_reason reason =
		asked->reason < REASON_COUNT
			? (enum verdict_reason)asked->reason
			: (enum verdict_reason)0;

	(asked->state == STATE_HELD ? w->held : w->suppressed)[reason]++;
	if (!w->rejected)
		return;
	put_line(w, row);
	put_answer(w, asked->answers);
	out_str(w->rejected, row->raw);
}

static void reject_fault(struct work *w, const struct csv_row *row, int fault)
{
	if (!w->first_fault)
		w->first_fault = row->line;
	w->fault[fault]++;
	if (!w->rejected)
		return;
	put_line(w, row);
	put_column(w, "invalid");
	put_column(w, "");
	put_column(w, fault_word((size_t)fault));
	put_column(w, "");
	out_str(w->rejected, row->raw);
}

/* --- a chunk of rows ------------------------------------------------------ */

/* The signature is not ours. */
static struct str given(void *arg, size_t i, struct arena *a)
{
	const struct work *w = arg;
	const struct csv_row *row = &w->row[i];

	if (row->kind != CSV_ROWS_ROW)
		return STR_NULL;
	return csv_rows_field(
		csv_rows_body(row->raw), w->in.separator, w->column, a);
}

static void give_row(struct work *w, size_t i)
{
	const struct csv_row *row = &w->row[i];
	const struct query_asked *asked = screen_answer(w->screen, i);
	struct screen_item item = screen_at(w->screen, i);

	if (row->kind == CSV_ROWS_REST) {
		if (w->rejected)
			out_str(w->rejected, row->raw);
	} else if (row->kind == CSV_ROWS_TOO_LONG) {
		reject_fault(w, row, FAULT_LONG);
	} else if (row->kind == CSV_ROWS_OPEN) {
		reject_fault(w, row, FAULT_OPEN);
	} else if (!csv_rows_body(row->raw).n) {
		out_str(w->env->out, row->raw); /* nobody is in it */
	} else if (csv_rows_breaks(csv_rows_body(row->raw), w->in.separator)) {
		reject_fault(w, row, FAULT_CR);
	} else if (csv_rows_stray(csv_rows_body(row->raw), w->in.separator,
			   w->column)) {
		reject_fault(w, row, FAULT_STRAY);
	} else if (item.wrong) {
		reject_fault(w, row, item.wrong);
	} else if (asked->state != STATE_ABSENT) {
		reject_listed(w, row, asked);
	} else if (item.doubt) {
		reject_fault(w, row, FAULT_DOUBT + item.doubt);
	} else {
		w->passed++;
		out_str(w->env->out, row->raw);
	}
}

static int write_failed(const struct work *w)
{
	if (out_failed(w->env->out))
		return EX_IOERR; /* told when the command ends */
	if (!w->rejected || !out_failed(w->rejected))
		return 0;
	say("unable to write '%s': %s", say_z(w->c->rejected),
		strerror(w->rejected->error));
	return EX_IOERR;
}

static int do_chunk(struct work *w)
{
	int status = screen_run(w->screen, w->n, given, w);

	for (size_t i = 0; !status && i < w->n; i++) {
		give_row(w, i);
		progress_at(w->done += w->row[i].raw.n);
	}
	w->n = 0;
	return status ? status : write_failed(w);
}

static int unreadable(const struct work *w)
{
	say("unable to read '%s': %s", say_z(w->name), strerror(w->in.error));
	return EX_NOINPUT;
}

static int do_rows(struct work *w)
{
	int status = 0;

	for (;;) {
		while (w->n < CHUNK_ROWS &&
			csv_rows_next(&w->in, &w->row[w->n]))
			w->n++;
		if (w->n)
			status = do_chunk(w);
		else if (w->in.end)
			return 0;
		else if (csv_rows_fill(&w->in))
			return unreadable(w);
		if (status)
			return status;
	}
}

/* --- the head ------------------------------------------------------------- */

/* A number that no file has as many columns of is a name. */
static bool is_number(const char *z, size_t *n)
{
	char *end;
	unsigned long v;

	if (*z < '1' || *z > '9')
		return false;
	errno = 0;
	v = strtoul(z, &end, 10);
	*n = v - 1;
	return !*end && !errno && v <= CSV_ROWS_LONG;
}

static int no_such_column(const struct work *w, struct str body)
{
	const char *why;
	struct arena a;
	struct str f;

	if (!body.n) {
		say("'%s' is empty: there is no head", say_z(w->name));
		return EX_USAGE;
	}
	why = no_text(body.p, body.n);
	if (why) {
		say("'%s' is no CSV file: %s", say_z(w->name), why);
		return EX_DATAERR;
	}
	say("'%s' has no column '%s'", say_z(w->name), say_z(w->c->column));
	arena_init(&a, 0);
	for (size_t i = 0; i < FIELDS_TOLD; i++) {
		f = csv_rows_field(body, w->in.separator, i, &a);
		if (!f.p)
			break;
		say_hint("%zu  %s", i + 1, say_str(str_sub(f, 0, 60)));
	}
	arena_release(&a);
	say_hint("name one of these, or give its number for a file without a "
		 "head");
	return EX_USAGE;
}

/* Find the column by its name; two of the name are one too many. */
static int find_column(struct work *w, struct str body)
{
	struct arena a;
	struct str f;
	size_t found = 0;

	arena_init(&a, 0);
	for (size_t i = 0; (f = csv_rows_field(body, w->in.separator, i, &a)).p;
		i++)
		if (str_ieqz(str_trim(f), w->c->column) && !found++)
			w->column = i;
	arena_release(&a);
	if (!found)
		return no_such_column(w, body);
	if (found == 1)
		return 0;
	say("'%s' has %zu columns '%s': which is meant cannot be told",
		say_z(w->name), found, say_z(w->c->column));
	say_hint("give them different names");
	return EX_USAGE;
}

/* What stood before the head: empty rows, and the one that names the separator,
 * which programs look for in the first row only. */
static void put_marks(
	struct work *w, struct str before, struct str named, struct str head)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (w->in.mark)
		out_z(w->env->out, mark);
	out_str(w->env->out, before);
	out_str(w->env->out, head);
	if (!w->rejected)
		return;
	if (w->in.mark)
		out_z(w->rejected, mark);
	out_str(w->rejected, named);
	if (!head.n)
		return;
	for (const char *p = columns; *p; p++)
		out_char(w->rejected, *p == ',' ? w->in.separator : *p);
	out_str(w->rejected, head);
}

/* The first row tells the column. */
static int read_head(struct work *w)
{
	struct csv_row *row = &w->row[0];
	struct str body, before, named;
	int status;

	if (csv_rows_fill(&w->in))
		return unreadable(w);
	csv_rows_head(&w->in, row, &before, &named);
	body = csv_rows_body(row->raw);
	if (!w->head) {
		put_marks(w, before, named, STR_NULL);
		w->n = row->raw.n != 0;
		return 0;
	}
	if (row->kind != CSV_ROWS_ROW) {
		say("'%s' begins with a row that does not end", say_z(w->name));
		return EX_DATAERR;
	}
	if (csv_rows_breaks(body, w->in.separator)) {
		say("'%s': its lines end in CR alone: write it with LF or CRLF",
			say_z(w->name));
		return EX_DATAERR;
	}
	status = find_column(w, body);
	if (!status)
		put_marks(w, before, named, row->raw);
	return status;
}

/* --- the end -------------------------------------------------------------- */

static uint64_t tell(uint64_t n, const char *state, const char *reason)
{
	if (n)
		say_hint("%10" PRIu64 "  %s: %s", n, state, reason);
	return n;
}

/* What happened to how many; the exit status. */
static int sum_up(const struct work *w)
{
	uint64_t all = 0;

	for (size_t i = 0; i < REASON_COUNT; i++)
		all += w->suppressed[i] + w->held[i];
	for (size_t i = 0; i < FAULTS; i++)
		all += w->fault[i];
	progress_hide();
	say("%" PRIu64 " may be mailed, %" PRIu64 " may not", w->passed, all);
	for (size_t i = 0; i < REASON_COUNT; i++)
		tell(w->suppressed[i], state_word(STATE_SUPPRESSED),
			reason_word((enum verdict_reason)i));
	for (size_t i = 0; i < REASON_COUNT; i++)
		tell(w->held[i], state_word(STATE_HELD),
			reason_word((enum verdict_reason)i));
	for (size_t i = 0; i < FAULTS; i++)
		tell(w->fault[i], "invalid", fault_word(i));
	if (w->first_fault)
		say_hint("the first that is invalid begins in line %" PRIu64
			 "%s",
			w->first_fault,
			!w->head && w->first_fault == 1
				? "; is it a head? then name its column"
				: "");
	if (w->fault[FAULT_OPEN] || w->fault[FAULT_LONG])
		return EX_DATAERR;
	return all ? 1 : 0;
}

static int open_all(struct work *w)
{
	const struct check_csv *c = w->c;
	const struct screen_how how = {
		.strict = true,
		.tell = c->rejected ? QUERY_CHECK_WORST : QUERY_CHECK_STATE,
	};
	int fd = STDIN_FILENO;

	if (c->path) {
		fd = open(c->path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			say("unable to open '%s': %s", say_z(c->path),
				strerror(errno));
			return EX_NOINPUT;
		}
	}
	w->in.fd = fd;
	w->row = malloc(CHUNK_ROWS * sizeof(*w->row));
	w->screen = screen_new(w->env, str_from(c->scope), &how);
	if (!w->row || !w->screen || csv_rows_init(&w->in, fd))
		return no_memory();
	if (!c->rejected)
		return 0;
	if (export_file_spare(w->env, c->rejected))
		return EX_CANTCREAT;
	if (c->path && same_file(c->rejected, c->path)) {
		say("unable to create '%s': it is what is read",
			say_z(c->rejected));
		return EX_CANTCREAT;
	}
	w->rejected = malloc(sizeof(*w->rejected));
	if (!w->rejected || atomic_open(c->rejected, 0640, &w->file) < 0) {
		if (w->file)
			say("%s", say_z(atomic_error(w->file)));
		if (atomic_is_no_file(w->file))
			say_hint("leave --rejected out where nobody wants "
				 "what is rejected");
		return w->file ? EX_CANTCREAT : no_memory();
	}
	out_init(w->rejected, atomic_fd(w->file));
	return 0;
}

/* The rows that passed are out before the others are said to be all. */
static int finish(struct work *w)
{
	out_flush(w->env->out);
	if (w->rejected)
		out_flush(w->rejected);
	if (write_failed(w))
		return write_failed(w);
	if (w->file && atomic_commit(w->file)) {
		say("%s", say_z(atomic_error(w->file)));
		return EX_IOERR;
	}
	return sum_up(w);
}

/* 0: not known, as of a pipe. */
static uint64_t size_of(const struct work *w)
{
	struct stat st;

	return !fstat(w->in.fd, &st) && S_ISREG(st.st_mode)
		       ? (uint64_t)st.st_size
		       : 0;
}

int check_csv_run(const struct check_csv *c, struct env *e)
{
	struct work w = {.c = c, .env = e, .in = {.fd = STDIN_FILENO}};
	int status;

	w.name = c->path ? c->path : "standard input";
	w.head = !is_number(c->column, &w.column);
	status = open_all(&w);
	progress_start("bytes", size_of(&w));
	if (!status)
		status = read_head(&w);
	if (!status)
		status = do_rows(&w);
	if (!status)
		status = finish(&w);
	progress_end();
	atomic_close(w.file);
	free(w.rejected);
	screen_free(w.screen);
	csv_rows_release(&w.in);
	free(w.row);
	if (c->path && w.in.fd > STDIN_FILENO)
		(void)close(w.in.fd);
	return status;
}
