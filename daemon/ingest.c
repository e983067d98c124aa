/*
 * A mail's way: the parser judges it in an arena of its own, what was found
 * moves into the batch, the batch becomes one transaction. The digest, which
 * makes the same mail count once wherever it is read, is made here and never
 * changes: it is on disk (schema.sql, messages).
 *
 *	digest = first 16 bytes of SHA-256(Message-ID 0 Date 0 From 0
 *		Subject 0 body 0), of the first 1 MiB, newlines normalised
 *
 * Each header as it stands, without the white space around it; the body with
 * the empty line before it, but without the newlines at its end and without
 * each ">" of what an mbox makes of lines that begin with "From ": copies of a
 * mail differ in these. 0 is a byte.
 */
#include "ingest.h"

#include <stdio.h>
#include <stdlib.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "charset.h"
#include "evidence.h"

#define BATCH_ARENA (48u << 20)

struct mail {
	struct ledger_entry entry;
	struct verdict_list verdicts;
	enum verdict_class class;
};

struct skip {
	int64_t mailbox;
	uint32_t uid;
	enum uid_state state;
};

struct cursor {
	int64_t mailbox;
	uint32_t uid;
};

struct ingest_batch {
	const struct house *house;
	struct charset *charset;
	struct evidence *evidence;
	gnutls_hash_hd_t hash;
	struct arena parsing; /* of the mail in hand */
	struct arena kept;    /* of everything below */
	struct mail *mails;
	size_t mails_n, mails_cap;
	struct skip *skips;
	size_t skips_n, skips_cap;
	struct cursor *cursors;
	size_t cursors_n, cursors_cap;
	size_t bytes;
};

struct ingest_batch *ingest_batch_new(const struct house *h)
{
	struct ingest_batch *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->house = h;
	arena_init(&b->parsing, 0);
	arena_init(&b->kept, BATCH_ARENA);
	b->charset = charset_new();
	b->evidence = evidence_new();
	if (b->charset && b->evidence &&
		!gnutls_hash_init(&b->hash, GNUTLS_DIG_SHA256))
		return b;
	b->hash = NULL;
	ingest_batch_free(b);
	return NULL;
}

void ingest_batch_free(struct ingest_batch *b)
{
	if (!b)
		return;
	if (b->hash)
		gnutls_hash_deinit(b->hash, NULL);
	charset_free(b->charset);
	evidence_free(b->evidence);
	arena_release(&b->parsing);
	arena_release(&b->kept);
	free(b);
}

void ingest_batch_reset(struct ingest_batch *b)
{
	arena_reset(&b->kept, 0);
	b->mails = NULL;
	b->skips = NULL;
	b->cursors = NULL;
	b->mails_n = b->skips_n = b->cursors_n = 0;
	b->mails_cap = b->skips_cap = b->cursors_cap = 0;
	b->bytes = 0;
}

/*
 * Hash body as it was before a mailbox stored it. Nobody can tell how often
 * ">From " was quoted, so no ">" of it counts.
 */
static bool hash_body(gnutls_hash_hd_t hash, struct str body)
{
	static const struct str from = STR("From ");
	size_t done = 0, at = 0;

	while (body.n && body.p[body.n - 1] == '\n')
		body.n--;
	while (at < body.n) {
		struct str rest = str_sub(body, at, body.n);
		size_t n = 0;

		while (n < rest.n && rest.p[n] == '>')
			n++;
		if (n && str_starts(str_sub(rest, n, from.n), from)) {
			if (at > done &&
				gnutls_hash(hash, body.p + done, at - done))
				return false;
			done = at + n;
		}
		/* to the beginning of the next line */
		at += n;
		at += str_chr(str_sub(rest, n, rest.n), '\n') + 1;
	}
	return done >= body.n ||
	       !gnutls_hash(hash, body.p + done, body.n - done);
}

/* The hash handle is used again: the output resets it. */
static bool digest(struct ingest_batch *b, const struct verdict_list *list,
	unsigned char out[16])
{
	const size_t parts =
		sizeof(list->digest_parts) / sizeof(list->digest_parts[0]);
	unsigned char sum[32];

	for (size_t i = 0; i < parts; i++) {
		struct str s = list->digest_parts[i];

		if (i == parts - 1 ? !hash_body(b->hash, s)
				   : s.n && gnutls_hash(b->hash, s.p, s.n))
			return false;
		if (gnutls_hash(b->hash, "", 1))
			return false;
	}
	gnutls_hash_output(b->hash, sum);
	memcpy(out, sum, 16);
	return true;
}

static struct mail *add_mail(struct ingest_batch *b)
{
	struct mail *grown = arena_grow(&b->kept, b->mails, &b->mails_cap,
		b->mails_n + 1, sizeof(*grown));

	if (!grown)
		return NULL;
	b->mails = grown;
	b->mails[b->mails_n] = (struct mail){.class = CLASS_NONE};
	return &b->mails[b->mails_n];
}

/* What whoever brings the mail knows of it. */
static void add_what_is_known(
	struct verdict_list *list, const struct ingest_mail *m)
{
	for (size_t i = 0; i < list->n; i++) {
		struct verdict *v = &list->v[i];

		if (v->class == CLASS_NONE)
			continue;
		if (v->origin < m->origin)
			v->origin = m->origin;
		if (!v->stream.n)
			v->stream = m->stream;
	}
}

/*
 * What is written of each verdict's evidence. Compressing costs a third of the
 * recording, so it is done here, not by the one thread that owns the database.
 */
static bool pack_evidence(struct ingest_batch *b, struct mail *mail)
{
	const struct verdict_list *list = &mail->verdicts;
	struct str source = mail->entry.source, *packed;

	if (!house_ledger_settings(b->house)->keep_evidence || !list->n)
		return true;
	packed = arena_zalloc(&b->kept, list->n, sizeof(*packed));
	mail->entry.packed = packed;
	for (size_t i = 0; packed && i < list->n; i++)
		if (list->v[i].class != CLASS_NONE)
			packed[i] = arena_dup(
				&b->kept, evidence_pack(b->evidence, source,
						  list->v[i].evidence));
	return packed && !b->kept.full;
}

int ingest_batch_add(
	struct ingest_batch *b, const struct ingest_mail *m, int64_t now)
{
	struct verdict_context ctx = house_context(b->house, now);
	struct mail *mail = add_mail(b);
	struct verdict_list list;

	if (!mail)
		return -1;
	ctx.ops = charset_ops(b->charset);
	arena_reset(&b->parsing, 0);
	verdict_parse(&ctx, &b->parsing, m->bytes, &list);
	if (m->truncated)
		list.limits |= LIMIT_MESSAGE;
	add_what_is_known(&list, m);
	mail->entry = (struct ledger_entry){
		.mailbox = m->mailbox,
		.uid = m->uid,
		.uid_state = m->act ? UID_RECORDED : UID_DONE,
		.received_at = m->received_at,
		.account = arena_dup(&b->kept, str_from(m->account)),
		.source = arena_dup(&b->kept, str_from(m->source)),
	};
	if (!digest(b, &list, mail->entry.digest))
		return -1;
	/* They may be a whole MiB and have done their work. */
	memset(list.digest_parts, 0, sizeof(list.digest_parts));
	if (!verdict_list_dup(&b->kept, &list, &mail->verdicts) ||
		b->kept.full || !pack_evidence(b, mail))
		return -1;
	mail->class = verdict_list_class(&mail->verdicts);
	b->mails_n++;
	b->bytes += m->bytes.n;
	return 0;
}

int ingest_batch_skip(struct ingest_batch *b, int64_t mailbox, uint32_t uid,
	enum uid_state state)
{
	struct skip *grown = arena_grow(&b->kept, b->skips, &b->skips_cap,
		b->skips_n + 1, sizeof(*grown));

	if (!grown)
		return -1;
	b->skips = grown;
	b->skips[b->skips_n++] = (struct skip){mailbox, uid, state};
	return 0;
}

void ingest_batch_cursor(struct ingest_batch *b, int64_t mailbox, uint32_t uid)
{
	struct cursor *grown;

	for (size_t i = 0; i < b->cursors_n; i++)
		if (b->cursors[i].mailbox == mailbox) {
			b->cursors[i].uid = uid;
			return;
		}
	grown = arena_grow(&b->kept, b->cursors, &b->cursors_cap,
		b->cursors_n + 1, sizeof(*grown));
	if (!grown)
		return; /* the mails are looked at again, and are known then */
	b->cursors = grown;
	b->cursors[b->cursors_n++] = (struct cursor){mailbox, uid};
}

size_t ingest_batch_count(const struct ingest_batch *b)
{
	return b->mails_n;
}

size_t ingest_batch_bytes(const struct ingest_batch *b)
{
	/* A small mail can name a thousand recipients. */
	return b->bytes > b->kept.taken ? b->bytes : b->kept.taken;
}

uint32_t ingest_batch_uid(const struct ingest_batch *b, size_t i)
{
	return b->mails[i].entry.uid;
}

enum verdict_class ingest_batch_class(const struct ingest_batch *b, size_t i)
{
	return b->mails[i].class;
}

static void count(struct tally *t, const struct ledger_result *r)
{
	t->messages++;
	if (r->duplicate) {
		t->duplicates++;
		return;
	}
	t->classes[r->class]++;
	for (int i = 0; i < FATE_COUNT; i++)
		t->fates[i] += r->fates[i];
	for (int i = 0; i < ORIGIN_WHYS; i++)
		t->unverified[i] += r->unverified[i];
}

static int put_all(
	struct ingest_batch *b, struct ledger *l, int64_t now, struct tally *t)
{
	struct ledger_result r;

	for (size_t i = 0; i < b->mails_n; i++) {
		/* The array moves while it grows, so this is set now. */
		b->mails[i].entry.verdicts = &b->mails[i].verdicts;
		if (ledger_put(l, &b->mails[i].entry, now, &r))
			return -1;
		count(t, &r);
	}
	for (size_t i = 0; i < b->skips_n; i++) {
		const struct skip *s = &b->skips[i];
		const struct ledger_entry e = {.mailbox = s->mailbox,
			.uid = s->uid,
			.uid_state = s->state};

		if (ledger_put(l, &e, now, &r))
			return -1;
		/* One that is gone was no message any more. */
		t->messages += s->state != UID_GONE;
		t->failed += s->state != UID_GONE;
	}
	for (size_t i = 0; i < b->cursors_n; i++)
		if (ledger_cursor(l, b->cursors[i].mailbox, b->cursors[i].uid))
			return -1;
	return 0;
}

int ingest_batch_commit(
	struct ingest_batch *b, struct ledger *l, int64_t now, struct tally *t)
{
	struct tally mine = {0};

	if (ledger_begin(l))
		return -1;
	if (put_all(b, l, now, &mine) || ledger_commit(l)) {
		ledger_rollback(l);
		return -1;
	}
	tally_add(t, &mine);
	return 0;
}

int ingest_batch_rehearse(
	struct ingest_batch *b, struct ledger *l, int64_t now, struct tally *t)
{
	int rc;

	if (ledger_begin(l))
		return -1;
	rc = put_all(b, l, now, t);
	ledger_rollback(l);
	return rc;
}
