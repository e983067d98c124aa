/*
 * What the platforms export. Names that several have (`reason`, `status`) mean
 * another thing in each, so every shape has a table of its own; the first that
 * fits wins, so what has more of its own comes first.
 */
#include <stdio.h>
#include <string.h>

#include "list.h"

static const struct list_word ses_words[] = {
	{"BOUNCE",    MEANS_BOUNCE   },
	{"COMPLAINT", MEANS_COMPLAINT},
	{NULL,        MEANS_UNKNOWN  },
};

static const struct list_word postmark_words[] = {
	{"HardBounce",        MEANS_BOUNCE   },
	{"SpamComplaint",     MEANS_COMPLAINT},
	{"ManualSuppression", MEANS_MANUAL   },
	{NULL,		MEANS_UNKNOWN  },
};

static const struct list_word mandrill_words[] = {
	{"hard-bounce", MEANS_BOUNCE     },
	{"soft-bounce", MEANS_SOFT       },
	{"spam",        MEANS_COMPLAINT  },
	{"unsub",       MEANS_UNSUBSCRIBE},
	{"custom",      MEANS_MANUAL     },
	{NULL,          MEANS_UNKNOWN    },
};

static const struct list_word listmonk_words[] = {
	{"hard",      MEANS_BOUNCE   },
	{"soft",      MEANS_SOFT     },
	{"complaint", MEANS_COMPLAINT},
	{NULL,        MEANS_UNKNOWN  },
};

static const struct list_word sparkpost_words[] = {
	{"Bounce Rule",      MEANS_BOUNCE     },
	{"Spam Complaint",   MEANS_COMPLAINT  },
	{"List Unsubscribe", MEANS_UNSUBSCRIBE},
	{"Unsubscribe Link", MEANS_UNSUBSCRIBE},
	{"Manually Added",   MEANS_MANUAL     },
	{"Compliance",       MEANS_MANUAL     },
	{NULL,	       MEANS_UNKNOWN    },
};

/* What lists of unknown origin call it. */
static const struct list_word any_words[] = {
	{"bounce",         MEANS_BOUNCE     },
	{"bounced",        MEANS_BOUNCE     },
	{"hard",           MEANS_BOUNCE     },
	{"hard bounce",    MEANS_BOUNCE     },
	{"hard-bounce",    MEANS_BOUNCE     },
	{"hard_bounce",    MEANS_BOUNCE     },
	{"hardbounce",     MEANS_BOUNCE     },
	{"cleaned",        MEANS_BOUNCE     },
	{"permanent",      MEANS_BOUNCE     },
	{"invalid",        MEANS_INVALID    },
	{"soft",           MEANS_SOFT       },
	{"soft bounce",    MEANS_SOFT       },
	{"soft-bounce",    MEANS_SOFT       },
	{"soft_bounce",    MEANS_SOFT       },
	{"softbounce",     MEANS_SOFT       },
	{"transient",      MEANS_SOFT       },
	{"block",          MEANS_REFUSAL    },
	{"blocked",        MEANS_REFUSAL    },
	{"complaint",      MEANS_COMPLAINT  },
	{"spam complaint", MEANS_COMPLAINT  },
	{"spam_complaint", MEANS_COMPLAINT  },
	{"spamcomplaint",  MEANS_COMPLAINT  },
	{"unsubscribed",   MEANS_UNSUBSCRIBE},
	{"unsub",          MEANS_UNSUBSCRIBE},
	{"opt-out",        MEANS_UNSUBSCRIBE},
	{"optout",         MEANS_UNSUBSCRIBE},
	{NULL,             MEANS_OURS       },
};

static const struct list_word our_words[] = {
	{NULL, MEANS_OURS},
};

static const struct list_shape shapes[] = {
#define SHAPE(platform, what, names, words, means, flags, key)                 \
	{platform, what, names, words, MEANS_##means, flags, key},
#include "list_shapes.def"
};

#define SHAPES (sizeof(shapes) / sizeof(*shapes))

/* Files without a head: the names are those of our fields, in order. */
static const struct list_shape bare[] = {
#define SHAPE(platform, what, names, words, means, flags, key)                 \
	{platform, what, names, words, MEANS_##means, flags, key},
	SHAPE("ses", "addresses to add", "address,word", ses_words, UNKNOWN,
		NEEDS_WORD, NULL) SHAPE("cloudflare", "a list",
		"address,expires", NULL, MANUAL, 0, NULL) SHAPE("plain",
		"an address a line", "address", NULL, MANUAL, 0, NULL)
#undef SHAPE
};

#define BARE (sizeof(bare) / sizeof(*bare))

static const char *const fields[LIST_FIELDS] = {
	[LIST_ADDRESS] = "address",
	[LIST_WORD] = "word",
	[LIST_CODE] = "code",
	[LIST_STATUS] = "status",
	[LIST_TEXT] = "text",
	[LIST_AT] = "at",
	[LIST_EXPIRES] = "expires",
	[LIST_SCOPE] = "scope",
	[LIST_STATE] = "state",
};

static enum list_field field_of(struct str word)
{
	int i = 0;

	while (i < LIST_FIELDS && !str_eq(word, str_from(fields[i])))
		i++;
	return (enum list_field)i;
}

bool list_name_next(struct str *rest, struct list_name *out)
{
	struct str item;
	size_t n;

	if (!str_cut(rest, ',', &item))
		return false;
	out->sign = str_starts(item, (struct str)STR("+"));
	item = str_sub(item, out->sign, item.n);
	n = str_chr(item, '>');
	out->name = str_sub(item, 0, n);
	out->field = field_of(str_sub(item, n + 1, item.n));
	return true;
}

static bool is_named(const char *platform, const struct list_shape *s)
{
	return !platform || !strcmp(platform, s->platform);
}

static bool has_name(const struct list_names *names, struct str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->exact ? str_eq(names->v[i], name)
				 : str_ieq(str_trim(names->v[i]), name))
			return true;
	return false;
}

/* Whether it has one of these names. */
static bool has_any(const struct list_names *names, const char *those)
{
	struct str rest = str_from(those), name;

	while (str_cut(&rest, ',', &name))
		if (has_name(names, name))
			return true;
	return false;
}

static bool fits(const struct list_names *names, const struct list_shape *s)
{
	struct str rest = str_from(s->names);
	struct list_name n;

	if ((s->flags & NEEDS_LIST) && !str_eq(names->list, str_from(s->key)))
		return false;
	if ((s->flags & LACKS) && has_any(names, s->key))
		return false;
	while (list_name_next(&rest, &n))
		if (n.sign && !has_name(names, n.name))
			return false;
	return true;
}

/*
 * The last one is known by nothing: somebody's list of anything. It is taken
 * for a list that suppresses where it is asked for, where it has nothing but
 * addresses, and where it tells why.
 */
static bool is_list(const struct list_names *names, const struct list_shape *s,
	const char *platform)
{
	struct str rest = str_from(s->names);
	bool address = false, why = false;
	struct list_name n;

	while (list_name_next(&rest, &n)) {
		if (!has_name(names, n.name))
			continue;
		address = address || n.field == LIST_ADDRESS;
		why = why || (n.field >= LIST_WORD && n.field <= LIST_TEXT);
	}
	return address && (platform || why || names->n == 1);
}

const struct list_shape *list_recognize(
	const struct list_names *names, const char *platform)
{
	for (size_t i = 0; i < SHAPES; i++) {
		const struct list_shape *s = &shapes[i];

		if (!is_named(platform, s) ||
			((s->flags & NAMED_ONLY) && !platform) ||
			!fits(names, s))
			continue;
		if (i + 1 < SHAPES || is_list(names, s, platform))
			return s;
	}
	return NULL;
}

static bool is_time(struct str s)
{
	int64_t at;

	return import_time(s, &at);
}

const struct list_shape *list_recognize_bare(
	const struct str *field, size_t n, const char *platform)
{
	bool is[BARE] = {
		n == 2 && list_meaning(&bare[0], field[1]) != MEANS_UNKNOWN,
		(n == 2 || n == 3) && is_time(field[1]),
		n == 1,
	};

	if (!n || str_chr(field[0], '@') == field[0].n)
		return NULL;
	for (size_t i = 0; i < BARE; i++)
		if (platform ? is_named(platform, &bare[i]) : is[i])
			return &bare[i];
	return NULL;
}

enum list_field list_bare_field(const struct list_shape *s, size_t i)
{
	struct str rest = str_from(s->names), word;

	while (str_cut(&rest, ',', &word))
		if (!i--)
			return field_of(word);
	return LIST_FIELDS;
}

const char *list_looks(const char *platform, char *buf, size_t size)
{
	const struct list_shape *s = shapes;
	struct list_name k;
	struct str rest;
	size_t n = 0;

	(void)snprintf(buf, size, "an address a line");
	while (s < shapes + SHAPES && !is_named(platform, s))
		s++;
	rest = str_from(s < shapes + SHAPES ? s->names : NULL);
	while (list_name_next(&rest, &k) && n < size)
		n += (size_t)snprintf(buf + n, size - n, "%s" STR_FMT,
			n ? ", " : "", STR_ARG(k.name));
	return buf;
}

enum list_meaning list_meaning(const struct list_shape *s, struct str word)
{
	const struct list_word *w = s->words;

	if (!w || !word.n)
		return s->otherwise;
	while (w->word && !str_ieqz(word, w->word))
		w++;
	return w->means;
}
