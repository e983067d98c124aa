/*
 * Rows of a format with limits are written into a buffer first: only then is
 * it known whether the part still holds them. Others go straight out.
 */
#include "export_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "purged.h"
#include "same_file.h"
#include "say.h"

static bool has_limit(const struct export_writer *w)
{
	return w->shape->limit.entries || w->shape->limit.bytes;
}

/* Whether its parts are files. */
static bool has_files(const struct export_writer *w)
{
	return has_limit(w) && !w->shape->calls;
}

static int no_memory(struct export_writer *w)
{
	say("out of memory");
	return w->status = EX_OSERR;
}

/* --- parts -------------------------------------------------------------- */

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Where the number of a part goes: before what follows the last dot. */
static const char *end_of_base(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot != name ? dot : name + strlen(name);
}

/* "ses.csv" and 2: "ses-002.csv", malloc'd. */
static char *part_path(const char *path, size_t number)
{
	const char *dot = end_of_base(name_of(path));
	char *out;

	if (number == 1)
		return strdup(path);
	if (asprintf(&out, "%.*s-%03zu%s", (int)(dot - path), path, number,
		    dot) < 0)
		return NULL;
	return out;
}

bool export_writer_splits(const struct export_format *f)
{
	return (f->adds.limit.entries || f->adds.limit.bytes) && !f->adds.calls;
}

bool export_writer_is_part(const char *path, const char *other)
{
	const char *own = name_of(path), *name = name_of(other);
	const char *dot = end_of_base(own);
	size_t base = (size_t)(dot - own);
	unsigned long number;
	char *part;
	bool is;

	if (strncmp(own, name, base) != 0 || name[base] != '-')
		return false;
	number = strtoul(name + base + 1, NULL, 10);
	part = number < 2 ? NULL : part_path(path, number);
	is = part && !strcmp(name_of(part), name) && same_file(part, other);
	free(part);
	return is;
}

static bool grow(struct export_writer *w)
{
	size_t cap = w->parts_cap ? 2 * w->parts_cap : 8;
	struct export_file *v;

	if (w->parts_n < w->parts_cap)
		return true;
	v = realloc(w->parts, cap * sizeof(*v));
	if (!v)
		return false;
	w->parts = v;
	w->parts_cap = cap;
	return true;
}

static int open_file(struct export_writer *w)
{
	char *path;

	if (!grow(w))
		return no_memory(w);
	path = part_path(w->path, w->parts_n + 1);
	if (!path)
		return no_memory(w);
	w->status = export_file_open(&w->parts[w->parts_n], w->env,
		w->parts_n ? w->parts : NULL, path);
	w->target = w->parts[w->parts_n++].out;
	free(path);
	return w->status;
}

static void send_scratch(struct export_writer *w)
{
	if (w->run.out != w->scratch)
		return;
	w->bytes += w->scratch->n;
	if (!w->dry)
		out_bytes(w->target, w->scratch->buf, w->scratch->n);
	w->scratch->n = 0;
}

static void begin_part(struct export_writer *w)
{
	w->run.entries = 0;
	w->bytes = 0;
	w->is_open = true;
	w->run.out = w->scratch ? w->scratch : w->target;
	if (w->shape->begin)
		w->shape->begin(&w->run);
	send_scratch(w);
}

static void end_part(struct export_writer *w)
{
	if (w->is_open && w->shape->end)
		w->shape->end(&w->run);
	send_scratch(w);
	w->is_open = false;
}

static int needs_files(struct export_writer *w)
{
	const struct export_limit *l = &w->shape->limit;

	say("one file of %s holds %llu %s at most, and the list is longer: "
	    "-o FILE writes it in as many files as it takes",
		w->format->name,
		(unsigned long long)(l->entries ? l->entries : l->bytes),
		l->entries ? "addresses" : "bytes");
	return w->status = EX_USAGE;
}

static int next_part(struct export_writer *w)
{
	end_part(w);
	if (!w->shape->calls && !w->path)
		return needs_files(w);
	if (!w->shape->calls) {
		w->status = export_file_finish(&w->parts[w->parts_n - 1]);
		if (w->status || open_file(w))
			return w->status;
	}
	begin_part(w);
	return 0;
}

/* --- rows --------------------------------------------------------------- */

static bool is_over(const struct export_writer *w)
{
	const struct export_limit *l = &w->shape->limit;

	return (l->entries && w->run.entries > l->entries) ||
	       (l->bytes && w->bytes + w->scratch->n + EXPORT_END > l->bytes);
}

static void put_row(struct export_writer *w, const struct query_suppression *s)
{
	uint64_t before = w->run.entries;

	w->shape->row(&w->run, s);
	if (!w->scratch)
		return;
	if (before && is_over(w)) {
		w->run.entries = before;
		w->scratch->n = 0;
		if (next_part(w))
			return;
		w->shape->row(&w->run, s);
	}
	send_scratch(w);
}

/* The same address in another scope follows at once. */
static bool is_known(struct export_writer *w, struct str address)
{
	if (w->format->tells_scope || address.n >= sizeof(w->last))
		return false;
	if (str_eq(address, str_from(w->last)))
		return true;
	memcpy(w->last, address.p, address.n);
	w->last[address.n] = '\0';
	return false;
}

static void put_hash(struct export_writer *w, const struct query_suppression *s)
{
	const size_t prefix = sizeof(PURGED_PREFIX) - 1;
	struct query_suppression copy = *s;
	char buf[PURGED_SIZE];
	struct str name = purged_is(s->address) ? s->address
						: purged_name(s->address, buf);

	copy.address = copy.seen = str_sub(name, prefix, name.n - prefix);
	put_row(w, &copy);
}

int export_writer_row(
	struct export_writer *w, const struct query_suppression *s)
{
	unsigned unfit;

	if (is_known(w, s->address))
		return 0;
	unfit = w->hashed ? 0 : export_fit_of(s->address) & w->format->unfit;
	if (unfit) {
		w->left_out[ffs((int)unfit) - 1]++;
		return 0;
	}
	if (!w->is_open)
		begin_part(w);
	if (w->hashed)
		put_hash(w, s);
	else
		put_row(w, s);
	w->rows++;
	return w->status || (!w->dry && out_failed(w->target)) ? 1 : 0;
}

/* --- the whole ---------------------------------------------------------- */

int export_writer_open(struct export_writer *w)
{
	w->shape = export_shape_of(w->format, w->removals);
	w->run.hashed = w->hashed;
	if (has_limit(w)) {
		w->scratch = malloc(sizeof(*w->scratch));
		if (!w->scratch)
			return no_memory(w);
		out_init(w->scratch, -1);
	}
	w->target = w->env->out;
	if (w->path && !w->dry && open_file(w))
		return w->status;
	if (!w->shape->calls)
		begin_part(w);
	return 0;
}

int export_writer_finish(struct export_writer *w)
{
	end_part(w);
	if (!w->status && w->parts_n)
		w->status = export_file_finish(&w->parts[w->parts_n - 1]);
	return w->status;
}

/* As export_file_remove(), by the number of the part. */
static int remove_part(struct export_writer *w, size_t number, bool look)
{
	char *path = part_path(w->path, number);
	int rc;

	if (!path) {
		no_memory(w);
		return -1;
	}
	rc = export_file_remove(&w->parts[0], w->env, path, look);
	if (rc < 0)
		w->status = EX_IOERR;
	free(path);
	return rc;
}

/* Parts that a longer list left behind would be read as if they were of this
 * one. The last goes first: so there is never a gap, behind which nobody would
 * look for more. */
static int remove_older(struct export_writer *w)
{
	size_t n = w->parts_n;
	int rc;

	while ((rc = remove_part(w, n + 1, true)) == 1)
		n++;
	for (; rc >= 0 && n > w->parts_n; n--)
		rc = remove_part(w, n, false);
	return rc < 0 ? w->status : 0;
}

int export_writer_commit(struct export_writer *w)
{
	for (size_t i = w->parts_n; !w->status && i > 1; i--)
		w->status = export_file_commit(&w->parts[i - 1]);
	if (!w->status && w->parts_n && has_files(w))
		w->status = remove_older(w);
	if (!w->status && w->parts_n)
		w->status = export_file_commit(&w->parts[0]);
	return w->status;
}

uint64_t export_writer_bytes(const struct export_writer *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < w->parts_n; i++)
		n += atomic_size(w->parts[i].atomic);
	return n;
}

uint64_t export_writer_in_place(
	const struct export_format *f, const char *output)
{
	bool parts = export_writer_splits(f), there = true;
	uint64_t n = 0;

	for (size_t i = 1; there && (i == 1 || parts); i++) {
		char *path = part_path(output, i);
		struct stat st;

		there = path && !stat(path, &st) && S_ISREG(st.st_mode);
		n += there ? (uint64_t)st.st_size : 0;
		free(path);
	}
	return n;
}

void export_writer_close(struct export_writer *w)
{
	/* The first has the folder that the others use. */
	while (w->parts_n)
		export_file_close(&w->parts[--w->parts_n]);
	free(w->parts);
	free(w->scratch);
	w->parts = NULL;
	w->scratch = NULL;
}

uint64_t export_writer_left_out(const struct export_writer *w)
{
	uint64_t n = 0;

	for (size_t i = 0; i < EXPORT_FITS; i++)
		n += w->left_out[i];
	return n;
}

void export_writer_remark(const struct export_writer *w)
{
	const struct export_format *f = w->format;
	const char *remark = w->removals ? f->removals_remark : f->remark;

	for (size_t i = 0; i < EXPORT_FITS; i++)
		if (w->left_out[i])
			say("%llu left out, which %s cannot hold: %s",
				(unsigned long long)w->left_out[i], f->name,
				export_fit_text((enum export_fit)(1u << i)));
	if (w->rows && remark)
		say("%s: %s", f->name, remark);
}
