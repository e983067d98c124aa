/*
 * Marks against the returned original. Each row of a table is a header and how
 * much of it is compared; whatever fits best counts.
 */
#include "origin.h"

#include "address.h"
#include "trace.h"

#define RECEIVED_MAX 50u /* headers of that name that are looked at */
#define LISTINGS_MAX 64u /* runs of header lines in a text */

/* What the globs are compared with. */
struct subject {
	const struct verdict_context *ctx;
	struct arena *arena;
	const struct headers *h;
	struct origin_evidence *out;
};

/* --- what is ours ----------------------------------------------------------
 */

static bool any_glob(
	struct str s, const struct str *globs, size_t n, struct str *which)
{
	for (size_t i = 0; i < n; i++) {
		if (!s.n || !str_glob(s, globs[i]))
			continue;
		*which = globs[i];
		return true;
	}
	return false;
}

/* The domain of "*@domain", of which every address is ours. */
static struct str own_domain(struct str glob)
{
	if (glob.n < 4 || glob.p[0] != '*' || glob.p[1] != '@')
		return STR_NULL;
	glob = str_sub(glob, 2, glob.n);
	return str_chr(glob, '.') < glob.n ? glob : STR_NULL;
}

/* Whether host is that domain or lies in it. */
static bool lies_in(struct str host, struct str domain)
{
	while (host.n) {
		if (str_glob(host, domain))
			return true;
		host = str_sub(host, str_chr(host, '.') + 1, host.n);
	}
	return false;
}

static bool is_own_host(
	const struct verdict_context *ctx, struct str host, struct str *which)
{
	for (size_t i = 0; i < ctx->own_n; i++) {
		struct str domain = own_domain(ctx->own[i]);

		if (!domain.n || !lies_in(host, domain))
			continue;
		*which = ctx->own[i];
		return true;
	}
	return false;
}

static struct str key_of(
	const struct verdict_context *ctx, struct arena *a, struct str address)
{
	struct address parsed;

	if (!address.n ||
		address_parse(ctx->ops, a, address, &parsed) != ADDRESS_OK)
		return STR_NULL;
	return parsed.key;
}

/* --- the headers -----------------------------------------------------------
 */

static void found(const struct subject *s, enum origin_strength strength,
	struct str header, struct str value, struct str mark)
{
	if (strength <= s->out->strength)
		return;
	*s->out = (struct origin_evidence){strength, header, value, mark};
}

/* The id without its brackets. */
static struct str bare_id(const struct subject *s)
{
	struct str id =
		rfc5322_unfold(s->arena, s->h->first[HEADER_MESSAGE_ID]);
	size_t open = str_chr(id, '<');

	if (open < id.n)
		id = str_sub(id, open + 1, id.n);
	return str_trim(str_sub(id, 0, str_chr(id, '>')));
}

static struct str id_domain(struct str id)
{
	size_t at = id.n;

	while (at && id.p[at - 1] != '@')
		at--;
	return at ? str_sub(id, at, id.n) : STR_NULL;
}

static bool is_host_byte(unsigned char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

/* The next word of a Received value that can be a host name: it has a dot and
 * a letter, and is no part of an address. */
static bool next_host(struct str all, struct str *rest, struct str *host)
{
	while (rest->n) {
		size_t n = 0;
		bool dot = false, letter = false;
		char before, after;

		while (rest->n && !is_host_byte((unsigned char)*rest->p))
			*rest = str_sub(*rest, 1, rest->n);
		before = rest->p > all.p ? rest->p[-1] : ' ';
		for (; n < rest->n && is_host_byte((unsigned char)rest->p[n]);
			n++) {
			dot |= rest->p[n] == '.' && n > 0;
			letter |= ascii_is_alpha((unsigned char)rest->p[n]);
		}
		*host = str_sub(*rest, 0, n);
		after = n < rest->n ? rest->p[n] : ' ';
		*rest = str_sub(*rest, n, rest->n);
		if (dot && letter && before != '@' && after != '@')
			return true;
	}
	return false;
}

/* Each Received of the original, and each header that marks.header names. */
typedef void header_fn(const struct subject *s, const struct header *h);

static void each(const struct subject *s, header_fn *fn, bool received)
{
	struct str rest = s->h->block;
	struct header h;
	unsigned n = 0;

	while (s->out->strength != ORIGIN_STRONG && n < RECEIVED_MAX &&
		headers_next(&rest, &h)) {
		if (received && h.id != HEADER_RECEIVED)
			continue;
		n += received;
		fn(s, &h);
	}
}

static void look_at_received(const struct subject *s, const struct header *h)
{
	const struct origin_marks *m = s->ctx->marks;
	struct str rest, host, which;

	rest = h->value;
	while (next_host(h->value, &rest, &host)) {
		bool ours = origin_has_marks(m)
				    ? any_glob(host, m->received, m->received_n,
					      &which)
				    : is_own_host(s->ctx, host, &which);

		if (ours)
			found(s, ORIGIN_STRONG, h->name, host, which);
	}
}

/* A mark "Name: glob". */
static void look_at_header(const struct subject *s, const struct header *h)
{
	const struct origin_marks *m = s->ctx->marks;

	for (size_t i = 0; i < m->header_n; i++) {
		struct str glob = m->header[i], name;

		if (!str_cut(&glob, ':', &name) ||
			!str_ieq(str_trim(name), h->name))
			continue;
		if (str_glob(
			    rfc5322_unfold(s->arena, h->value), str_trim(glob)))
			found(s, ORIGIN_STRONG, h->name, h->value,
				m->header[i]);
	}
}

static void look_for_marks(const struct subject *s)
{
	const struct origin_marks *m = s->ctx->marks;
	struct str id = bare_id(s), which;
	struct str path = key_of(s->ctx, s->arena,
		rfc5322_first_address(s->h->first[HEADER_RETURN_PATH]));

	if (any_glob(id, m->message_id, m->message_id_n, &which))
		found(s, ORIGIN_STRONG, str_from("Message-ID"), id, which);
	if (any_glob(path, m->return_path, m->return_path_n, &which))
		found(s, ORIGIN_STRONG, str_from("Return-Path"), path, which);
	if (m->header_n)
		each(s, look_at_header, false);
	if (m->received_n)
		each(s, look_at_received, true);
}

static void look_for_own(const struct subject *s)
{
	const struct verdict_context *ctx = s->ctx;
	const struct str *first = s->h->first;
	struct str id, path, from, which;

	path = key_of(ctx, s->arena,
		rfc5322_first_address(first[HEADER_RETURN_PATH]));
	if (any_glob(path, ctx->own, ctx->own_n, &which)) {
		found(s, ORIGIN_STRONG, str_from("Return-Path"), path, which);
		return;
	}
	id = bare_id(s);
	if (is_own_host(ctx, id_domain(id), &which)) {
		found(s, ORIGIN_STRONG, str_from("Message-ID"), id, which);
		return;
	}
	from = key_of(ctx, s->arena, rfc5322_first_address(first[HEADER_FROM]));
	if (any_glob(from, ctx->own, ctx->own_n, &which))
		found(s, ORIGIN_WEAK, str_from("From"), from, which);
	each(s, look_at_received, true);
}

bool origin_has_marks(const struct origin_marks *m)
{
	return m && (m->message_id_n || m->return_path_n || m->received_n ||
			    m->header_n);
}

void origin_find(const struct verdict_context *ctx, struct arena *a,
	const struct headers *h, struct origin_evidence *out)
{
	struct subject s = {ctx, a, h, out};

	*out = (struct origin_evidence){.strength = ORIGIN_NOTHING};
	if (origin_has_marks(ctx->marks))
		look_for_marks(&s);
	else if (ctx->own_n)
		look_for_own(&s);
}

/* --- whom it binds -----------------------------------------------------------
 */

/* Whether the original went to this address, as far as a header tells. */
struct binding {
	struct work *w;
	struct str key;
	bool fits;
};

static bool is_address_of(struct binding *b, struct str address)
{
	struct str key = work_key(b->w, work_bare(address));

	return key.n && str_eq(key, b->key);
}

/* "... for <a@b.example>; ..." */
static struct str received_for(struct work *w, struct str value)
{
	struct str line = rfc5322_unfold(w->arena, value);
	size_t at = str_find(line, str_from(" for "));

	if (at == line.n)
		return STR_NULL;
	line = str_trim(str_sub(line, at + 5, line.n));
	return str_sub(line, 0, str_chr(line, *line.p == '<' ? '>' : ';'));
}

static bool went_to(struct binding *b)
{
	struct str went = mail_original_to(&b->w->mail, &b->w->original);
	struct str rest = b->w->original.headers.block;
	struct header h;
	unsigned n = 0;

	if (is_address_of(b, went))
		return true;
	while (headers_next(&rest, &h) && n < RECEIVED_MAX) {
		struct str address = STR_NULL;

		if (h.id == HEADER_RECEIVED)
			address = received_for(b->w, h.value);
		else if (h.id == HEADER_DELIVERED_TO ||
			 h.id == HEADER_X_ORIGINAL_TO)
			address = h.value;
		n += address.n > 0;
		if (address.n && is_address_of(b, address))
			return true;
	}
	return false;
}

/* The original's sole recipient, unless it is one of ours (a list). */
static bool is_bound(struct work *w)
{
	struct str which;
	struct str key = work_key(w, mail_original_to(&w->mail, &w->original));

	return key.n && !any_glob(key, w->ctx->own, w->ctx->own_n, &which);
}

static enum origin_why why_not(struct work *w, const struct origin_evidence *e,
	const struct verdict *v, bool bound)
{
	struct binding b = {w, work_key(w, v->recipient), false};

	if (!w->original.found)
		return ORIGIN_NO_ORIGINAL;
	/* A complaint suppresses at once: what anybody can know does not do. */
	if (e->strength == ORIGIN_NOTHING ||
		(e->strength == ORIGIN_WEAK && v->class == CLASS_COMPLAINT))
		return ORIGIN_NO_MARK;
	if (bound && b.key.n && !went_to(&b))
		return ORIGIN_OTHER_RECIPIENT;
	return ORIGIN_FITS;
}

static void tell(struct work *w, const struct origin_evidence *e)
{
	if (!w->ctx->trace)
		return;
	if (!w->original.found)
		trace_add(w->ctx, w->arena,
			"origin: unverified: no original was returned");
	else if (e->strength == ORIGIN_NOTHING)
		trace_add(w->ctx, w->arena,
			"origin: unverified: the returned original bears none "
			"of our marks");
	else
		trace_add(w->ctx, w->arena,
			"origin: matched%s by " STR_FMT " " STR_FMT " (" STR_FMT
			")",
			e->strength == ORIGIN_WEAK ? " weakly" : "",
			STR_ARG(e->header), STR_ARG(e->value),
			STR_ARG(e->mark));
}

/* Nobody asks where there is nothing to compare with, and nothing to gain. */
static bool is_asked(const struct work *w)
{
	bool suppresses = false;

	for (size_t i = 0; i < w->out->n; i++)
		suppresses |= w->out->v[i].class != CLASS_NONE;
	return suppresses && (w->ctx->own_n || origin_has_marks(w->ctx->marks));
}

/* Take these lines for the headers of the original where they bear a mark. */
static void try_headers(
	struct work *w, struct str lines, struct origin_evidence *e)
{
	struct mail m = w->mail;
	struct original o;

	m.original = 0;
	mail_original(&m, lines, &o);
	if (!o.found)
		return;
	origin_find(w->ctx, w->arena, &o.headers, e);
	if (e->strength != ORIGIN_NOTHING)
		w->original = o;
}

/* A part that begins with them, without a type or a blank line. */
static void look_into_heads(struct work *w, struct origin_evidence *e)
{
	const struct mime *mime = &w->mail.mime;

	for (size_t i = 1; i < mime->n && e->strength == ORIGIN_NOTHING; i++) {
		struct str head = mime->part[i].head;

		if (!mime->part[i].headers &&
			str_ifind(head, "received:") < head.n)
			try_headers(w, head, e);
	}
}

/* Where no original was returned, the text may quote some headers. Not behind
 * them: what a mail of somebody else says is not what it is. */
static void look_into_text(struct work *w, struct origin_evidence *e)
{
	struct str rest, run;

	work_read_text(w);
	if (w->original.found) {
		origin_find(w->ctx, w->arena, &w->original.headers, e);
		return;
	}
	rest = str_sub(w->text.raw, w->mail.subject.n, w->text.raw.n);
	for (unsigned i = 0; i < LISTINGS_MAX && e->strength == ORIGIN_NOTHING;
		i++) {
		run = origin_next_listing(w->arena, &rest);
		if (!run.p)
			break;
		try_headers(w, run, e);
	}
}

void origin_judge(struct work *w)
{
	struct origin_evidence e = {.strength = ORIGIN_NOTHING};
	bool bound;

	if (!is_asked(w))
		return;
	if (w->original.found)
		origin_find(w->ctx, w->arena, &w->original.headers, &e);
	else
		look_into_heads(w, &e);
	if (!w->original.found)
		look_into_text(w, &e);
	tell(w, &e);
	bound = w->original.found && is_bound(w);
	for (size_t i = 0; i < w->out->n; i++) {
		struct verdict *v = &w->out->v[i];

		v->origin_why = why_not(w, &e, v, bound);
		if (v->origin_why == ORIGIN_FITS) {
			v->origin = ORIGIN_MATCHED;
			v->weak |= e.strength == ORIGIN_WEAK;
		} else if (v->origin_why == ORIGIN_OTHER_RECIPIENT) {
			trace_add(w->ctx, w->arena,
				"origin: unverified: the original went "
				"to " STR_FMT ", not to " STR_FMT,
				STR_ARG(w->original.to), STR_ARG(v->recipient));
		}
	}
}
