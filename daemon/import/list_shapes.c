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

/* Yes or no about the address, in a column of its own. */
#define STRANGERS                                                              \
	"subscribed,unsubscribed,is_subscribed,opted_in,opted_out,is_active,"  \
	"active,enabled,confirmed,blacklisted"

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
	{"active",         MEANS_MAILABLE   },
	{"subscribed",     MEANS_MAILABLE   },
	{"enabled",        MEANS_MAILABLE   },
	{"confirmed",      MEANS_MAILABLE   },
	{"unconfirmed",    MEANS_MAILABLE   },
	{"delivered",      MEANS_MAILABLE   },
	{"deliverable",    MEANS_MAILABLE   },
	{"delivery",       MEANS_MAILABLE   },
	{"accepted",       MEANS_MAILABLE   },
	{"sent",           MEANS_MAILABLE   },
	{"open",           MEANS_MAILABLE   },
	{"opened",         MEANS_MAILABLE   },
	{"click",          MEANS_MAILABLE   },
	{"clicked",        MEANS_MAILABLE   },
	{"ok",             MEANS_MAILABLE   },
	{"good",           MEANS_MAILABLE   },
	{"valid",          MEANS_MAILABLE   },
	{"allowed",        MEANS_MAILABLE   },
	{"opt-in",         MEANS_MAILABLE   },
	{"optin",          MEANS_MAILABLE   },
	{"opted-in",       MEANS_MAILABLE   },
	{"opted_in",       MEANS_MAILABLE   },
	{"opted in",       MEANS_MAILABLE   },
	{NULL,             MEANS_OURS       },
};

/* What they say of an address, beside that, in a column `status` or `state`:
 * there `expired` is no reason. */
static const struct list_word standing_words[] = {
	{"suppressed",  MEANS_MANUAL  },
	{"blocklisted", MEANS_MANUAL  },
	{"blacklisted", MEANS_MANUAL  },
	{"blocked",     MEANS_MANUAL  },
	{"failed",      MEANS_MANUAL  },
	{"held",        MEANS_MAILABLE},
	{"probation",   MEANS_MAILABLE},
	{"released",    MEANS_MAILABLE},
	{"removed",     MEANS_MAILABLE},
	{"expired",     MEANS_MAILABLE},
	{"pending",     MEANS_MAILABLE},
	{NULL,          MEANS_UNKNOWN },
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
	[LIST_STANDING] = "standing",
	[LIST_TYPE] = "type",
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

/* Whether all that it has are names of the shape. */
static bool has_only(const struct list_names *names, const struct list_shape *s)
{
	for (size_t i = 0; i < names->n; i++) {
		struct list_names one = {&names->v[i], 1, names->exact, {0}};
		struct str rest = str_from(s->names);
		struct list_name n;
		bool found = false;

		while (!found && list_name_next(&rest, &n))
			found = has_name(&one, n.name);
		if (!found)
			return false;
	}
	return true;
}

static bool fits(const struct list_names *names, const struct list_shape *s)
{
	struct str rest = str_from(s->names);
	struct list_name n;

	if ((s->flags & NEEDS_LIST) && !str_eq(names->list, str_from(s->key)))
		return false;
	if ((s->flags & LACKS) && has_any(names, s->key))
		return false;
	if ((s->flags & ONLY) && !has_only(names, s))
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
		why = why || n.field == LIST_TYPE ||
		      (n.field >= LIST_WORD && n.field <= LIST_TEXT);
	}
	return address && (platform || why || names->n == 1);
}

/* What is known by little may be another platform's, whose words mean another
 * thing. */
static bool is_of_another(
	const struct list_names *names, const struct list_shape *s)
{
	const struct list_shape *other;

	if (!(s->flags & (NAMED_ONLY | ANYBODYS)))
		return false;
	other = list_recognize(names, NULL);
	return other && !(other->flags & ANYBODYS) &&
	       strcmp(other->platform, s->platform) != 0;
}

struct str list_stranger(const struct list_names *names)
{
	struct str rest = str_from(STRANGERS), name;

	while (str_cut(&rest, ',', &name))
		if (has_name(names, name))
			return name;
	return STR_NULL;
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
		if (platform && is_of_another(names, s))
			return NULL;
		if (!(s->flags & ANYBODYS) || is_list(names, s, platform))
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

static enum list_meaning look_up(const struct list_word *w, struct str word)
{
	while (w->word && !str_ieqz(word, w->word))
		w++;
	return w->means;
}

enum list_meaning list_meaning(const struct list_shape *s, struct str word)
{
	return s->words && word.n ? look_up(s->words, word) : s->otherwise;
}

enum list_meaning list_standing(struct str word)
{
	enum list_meaning m = look_up(standing_words, word);

	if (m == MEANS_UNKNOWN)
		m = look_up(any_words, word);
	if (m == MEANS_OURS && reason_from_word(word) <= 0)
		m = MEANS_UNKNOWN;
	return m;
}
