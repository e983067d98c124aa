/*
 * To find the key of an address costs about as much as to look it up, so two
 * threads do the one as they do the other. A few addresses are not worth a
 * thread: one is to be answered in milliseconds.
 */
#include "screen.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "charset.h"
#include "print.h"
#include "say.h"

#define PARTS       QUERY_CHECK_PARTS
#define ALONE_MAX   5000u /* items for which there is one thread */
#define KEYS_MAX    ((size_t)160 << 20)
#define ANSWERS_MAX ((size_t)1 << 30)

struct part {
	struct screen *s;
	struct db *db; /* of the first: that of env */
	struct charset *charset;
	struct arena scratch, keys, answers;
	size_t from, to;
	bool no_memory;
};

struct screen {
	struct env *env;
	struct str scope;
	struct screen_how how;
	struct part part[PARTS];
	struct screen_item *items;
	struct query_asked *asked;
	size_t cap;
	screen_given_fn *given;
	void *arg;
};

struct screen *screen_new(
	struct env *e, struct str scope, const struct screen_how *how)
{
	struct screen *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->env = e;
	s->scope = scope;
	s->how = *how;
	for (size_t i = 0; i < PARTS; i++) {
		s->part[i].s = s;
		arena_init(&s->part[i].scratch, 0);
		arena_init(&s->part[i].keys, KEYS_MAX / PARTS);
		arena_init(&s->part[i].answers, ANSWERS_MAX / PARTS);
	}
	s->part[0].db = e->db;
	return s;
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < PARTS; i++) {
		if (i)
			db_close(s->part[i].db);
		charset_free(s->part[i].charset);
		arena_release(&s->part[i].scratch);
		arena_release(&s->part[i].keys);
		arena_release(&s->part[i].answers);
	}
	free(s->items);
	free(s->asked);
	free(s);
}

/* --- what is wrong with one ----------------------------------------------- */

/* What has a shape or a width of its own, and is not what it looks like. */
static bool stands_for_another(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {
		{0x034f,  0x034f }, /* joiners and fillers */
		{0x115f,  0x1160 },
		{0x1680,  0x1680 }, /* spaces */
		{0x17b4,  0x17b5 },
		{0x180b,  0x180f },
		{0x2000,  0x200f },
		{0x2024,  0x2024 }, /* one dot leader */
		{0x202f,  0x202f },
		{0x205f,  0x206f },
		{0x2800,  0x2800 }, /* braille without a dot */
		{0x3000,  0x3000 },
		{0x3002,  0x3002 }, /* full stop */
		{0x3164,  0x3164 },
		{0xfe00,  0xfe0f }, /* variation selectors */
		{0xfe52,  0xfe52 }, /* small forms of . and @ */
		{0xfe6b,  0xfe6b },
		{0xff01,  0xff61 }, /* full width */
		{0xffa0,  0xffa0 },
		{0xfff9,  0xfffc }, /* marks of annotations and objects */
		{0xe0000, 0xe0fff},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

static bool ascii_is_graph(unsigned char c)
{
	return c > ' ' && c < 0x7f;
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_graph((unsigned char)s.p[i]))
			return false;
	return true;
}

static bool hides(struct str given, bool strict)
{
	struct print_char c;

	if (is_plain(given))
		return false;
	if (print_hides(given))
		return true;
	if (!strict)
		return false;
	if (str_trim(given).n != given.n)
		return true;
	while (print_next(&given, &c))
		if (stands_for_another(c.code))
			return true;
	return false;
}

/* The key is without something that the address has. */
static bool key_hides(const struct address *a)
{
	struct str seen = a->seen;
	const char *at = memrchr(seen.p, '@', seen.n);
	size_t local = at ? (size_t)(at - seen.p) : 0;
	struct str domain = str_sub(seen, local + 1, seen.n);
	bool ascii = true;

	if (seen.n && seen.p[seen.n - 1] == '.')
		return true;
	for (size_t i = 0; i < domain.n; i++)
		ascii = ascii && (unsigned char)domain.p[i] < 0x80;
	if (!ascii && !memmem(a->domain.p, a->domain.n, "xn--", 4))
		return true;
	/* Composed, it is shorter. */
	return a->flags & ADDRESS_UTF8 && local != a->key.n - a->domain.n - 1 &&
	       !memchr(seen.p, '"', seen.n) &&
	       !(a->flags & ADDRESS_SOURCE_ROUTE);
}

/* No address: is it more than one, or one with a name? */
static enum screen_wrong kind_of(struct str given)
{
	struct str s = str_trim(given);
	size_t ats = 0;

	for (size_t i = 0; i < s.n; i++)
		ats += s.p[i] == '@';
	if (ats > 1)
		return SCREEN_SEVERAL;
	if (ats == 1 && s.p[s.n - 1] == '>' && *s.p != '<' &&
		memchr(s.p, '<', s.n))
		return SCREEN_NAMED;
	return SCREEN_NONE;
}

/* --- the work of a thread ------------------------------------------------- */

static void look(struct part *p, struct str given, struct screen_item *item,
	struct str *key)
{
	const struct verdict_ops *ops = charset_ops(p->charset);
	struct address a;

	if (!given.p) {
		item->wrong = SCREEN_NO_COLUMN;
	} else if (!str_trim(given).n) {
		item->wrong = SCREEN_EMPTY;
	} else if (hides(given, p->s->how.strict)) {
		item->wrong = SCREEN_HIDDEN;
	} else {
		item->error =
			(uint8_t)address_parse(ops, &p->scratch, given, &a);
		if (item->error == ADDRESS_NO_MEMORY)
			p->no_memory = true;
		else if (item->error)
			item->wrong = (uint8_t)kind_of(given);
		else if (p->s->how.strict && key_hides(&a))
			item->wrong = SCREEN_HIDDEN;
		else if (p->s->how.strict && *a.seen.p == '\'')
			item->wrong = SCREEN_APOSTROPHE;
		else
			*key = arena_dup(&p->keys, a.key);
		if (!item->wrong && !item->error)
			item->doubt = (uint8_t)address_doubt(a.flags);
	}
}

static void *work(void *arg)
{
	struct part *p = arg;
	struct screen *s = p->s;

	for (size_t i = p->from; !p->no_memory && i < p->to; i++) {
		s->items[i] = (struct screen_item){.wrong = SCREEN_RIGHT};
		s->asked[i].key = STR_NULL;
		look(p, s->given(s->arg, i, &p->scratch), &s->items[i],
			&s->asked[i].key);
		arena_reset(&p->scratch, 0);
	}
	p->no_memory = p->no_memory || p->keys.full;
	return NULL;
}

/* --- both ----------------------------------------------------------------- */

static int no_memory(void)
{
	say("out of memory");
	return EX_OSERR;
}

static int grow(struct screen *s, size_t n)
{
	if (n <= s->cap)
		return 0;
	free(s->items);
	free(s->asked);
	s->items = malloc(n * sizeof(*s->items));
	s->asked = malloc(n * sizeof(*s->asked));
	s->cap = s->items && s->asked ? n : 0;
	return s->cap ? 0 : no_memory();
}

static int prepare(struct screen *s, struct part *p, size_t from, size_t to)
{
	p->from = from;
	p->to = to;
	p->no_memory = false;
	arena_reset(&p->keys, KEYS_MAX);
	arena_reset(&p->answers, 0);
	if (!p->charset)
		p->charset = charset_new();
	if (!p->charset)
		return no_memory();
	if (!p->db && db_open(s->env->conf.database, DB_READ, &p->db))
		return env_db_failed(p->db);
	return 0;
}

/* Find the keys of all, each thread those of its half. */
static int find_keys(struct screen *s, bool both)
{
	pthread_t thread;

	if (both && pthread_create(&thread, NULL, work, &s->part[1]))
		return no_memory();
	work(&s->part[0]);
	if (both)
		(void)pthread_join(thread, NULL);
	return s->part[0].no_memory || (both && s->part[1].no_memory)
		       ? no_memory()
		       : 0;
}

static int look_up(struct screen *s, size_t n)
{
	struct query_check c = {
		.scope = s->scope,
		.now = s->env->now,
		.tell = s->how.tell,
	};

	for (size_t i = 0; i < PARTS; i++) {
		c.part[i].db = s->part[i].db;
		c.part[i].answers = &s->part[i].answers;
	}
	return query_check_all(&c, s->asked, n) ? env_db_failed(s->env->db) : 0;
}

int screen_run(struct screen *s, size_t n, screen_given_fn *given, void *arg)
{
	size_t half = n > ALONE_MAX ? n / 2 : n;
	int status = grow(s, n);

	s->given = given;
	s->arg = arg;
	if (!status)
		status = prepare(s, &s->part[0], 0, half);
	if (!status && half < n)
		status = prepare(s, &s->part[1], half, n);
	if (!status)
		status = find_keys(s, half < n);
	return status ? status : look_up(s, n);
}

struct screen_item screen_at(const struct screen *s, size_t i)
{
	return s->items[i];
}

const struct query_asked *screen_answer(const struct screen *s, size_t i)
{
	return &s->asked[i];
}
