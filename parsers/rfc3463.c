/*
 * Codes as mail systems write them, in the middle of sentences. A code must
 * be told from version numbers, addresses of hosts and plain counts; so what
 * stands before and behind it is looked at.
 */
#include "rfc3463.h"

#define INDENT_MAX  40u
#define SUBJECT_MAX 7u /* RFC 3463 3: subjects 0 to 7 */

static size_t digits(struct str s, size_t i, unsigned max, unsigned *value)
{
	size_t n = 0;

	*value = 0;
	while (i + n < s.n && n < 4 &&
		ascii_is_digit((unsigned char)s.p[i + n]))
		*value = *value * 10 + (unsigned)(s.p[i + n++] - '0');
	return n && n < 4 && *value <= max ? n : 0;
}

/* Length of the code at s[i], or 0. */
static size_t code_at(struct str s, size_t i, struct status *out)
{
	unsigned class, subject, detail;
	size_t a = digits(s, i, 5, &class), b, c, end;

	if (a != 1 || (class != 2 && class != 4 && class != 5) ||
		i + 1 >= s.n || s.p[i + 1] != '.')
		return 0;
	b = digits(s, i + 2, SUBJECT_MAX, &subject);
	if (!b || i + 2 + b >= s.n || s.p[i + 2 + b] != '.')
		return 0;
	c = digits(s, i + 3 + b, 999, &detail);
	end = i + 3 + b + c;
	if (!c || (end < s.n && ascii_is_alnum((unsigned char)s.p[end])))
		return 0;
	if (end + 1 < s.n && s.p[end] == '.' &&
		ascii_is_digit((unsigned char)s.p[end + 1]))
		return 0; /* 5.1.2.3: an address of a host */
	*out = (struct status){
		(uint8_t) class, (uint16_t)subject, (uint16_t)detail};
	return end - i;
}

bool rfc3463_parse(struct str s, struct status *out)
{
	return code_at(s, 0, out) > 0;
}

bool rfc3463_is_specific(struct status s)
{
	return s.class && (s.subject || s.detail);
}

struct status rfc3463_choose(struct status field, struct status reply)
{
	if (!reply.class)
		return field;
	if (!rfc3463_is_specific(reply) && field.class)
		return field;
	/* 5.1.0 against 5.1.1: the one that names a detail */
	if (!reply.detail && field.detail && reply.subject == field.subject)
		return field;
	return reply;
}

static const char *const before_reply[] = {"said", "said:", "code", "reply",
	"error", "status", "smtp", "server", "response", "responded",
	"returned", "with", "<<<", "<--", "<-", "<<", "<",
	"reason:", "answered"};

/* The word that ends before s[i], white space between left out. */
static struct str word_before(struct str s, size_t i)
{
	size_t end, from;

	while (i && ascii_is_space((unsigned char)s.p[i - 1]))
		i--;
	end = i;
	while (i && end - i < 12 && !ascii_is_space((unsigned char)s.p[i - 1]))
		i--;
	from = i;
	return str_of(s.p + from, end - from);
}

/* Whether only blanks stand before s[i] on its line. */
static bool begins_line(struct str s, size_t i)
{
	size_t n = 0;

	while (n < INDENT_MAX && i > n &&
		(s.p[i - n - 1] == ' ' || s.p[i - n - 1] == '\t'))
		n++;
	return i == n || s.p[i - n - 1] == '\n';
}

/* Whether a reply code may stand at s[i], judged by what is before it. */
static bool may_begin_reply(struct str s, size_t i)
{
	struct str word;
	size_t n = sizeof(before_reply) / sizeof(*before_reply);

	if (!i || s.p[i - 1] == '\n')
		return true;
	if (s.p[i - 1] != ' ' && s.p[i - 1] != '\t')
		return strchr("(['\"<>:;=#", s.p[i - 1]) != NULL;
	if (begins_line(s, i))
		return true;
	word = word_before(s, i);
	if (!word.n || strchr(":;>.(,|-=", word.p[word.n - 1]) ||
		memchr(word.p, '@', word.n))
		return true;
	for (size_t k = 0; k < n; k++)
		if (str_ieqz(word, before_reply[k]))
			return true;
	return false;
}

/* A reply code at s[i]: 4yz or 5yz, then a space, '-' or the end. */
static int reply_at(struct str s, size_t i)
{
	unsigned value;
	struct status next;
	size_t n = digits(s, i, 599, &value);

	if (n != 3 || value < 400 || value % 100 / 10 > 7)
		return 0;
	if (i + 3 < s.n && !strchr(" \t\n-:.,;)]'\"<", s.p[i + 3]))
		return 0;
	if (i + 4 < s.n && code_at(s, i + 4, &next))
		return (int)value;
	if (i && strchr("[(#", s.p[i - 1]) &&
		(i + 3 == s.n || s.p[i + 3] != ' '))
		return 0; /* a footnote */
	return may_begin_reply(s, i) ? (int)value : 0;
}

/* Where the next '4' or '5' stands from i on, of eight bytes at a time. */
static size_t next_digit(struct str s, size_t i)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t w;

	for (; i + sizeof(w) <= s.n; i += sizeof(w)) {
		memcpy(&w, s.p + i, sizeof(w));
		w = (w & ~ones) ^ ones * '4';
		if ((w - ones) & ~w & ones << 7)
			break;
	}
	while (i < s.n && s.p[i] != '4' && s.p[i] != '5')
		i++;
	return i;
}

static bool begins_number(struct str s, size_t i)
{
	unsigned char before;

	if (!i)
		return true;
	before = (unsigned char)s.p[i - 1];
	return !ascii_is_alnum(before) && before != '.' && before != '_' &&
	       before != '/';
}

void rfc3463_scan(struct str text, struct rfc3463_reply *out)
{
	unsigned value;

	*out = (struct rfc3463_reply){.at = text.n};
	/* "250 2.1.5 ok" as a whole is a success, whatever follows. */
	if (digits(text, 0, 299, &value) == 3 && value >= 200) {
		out->smtp = (int)value;
		out->at = 0;
		if (text.n > 4)
			code_at(text, 4, &out->status);
		return;
	}
	for (size_t i = next_digit(text, 0); i < text.n;
		i = next_digit(text, i + 1)) {
		struct status s;
		int smtp;

		if (!begins_number(text, i))
			continue;
		if (code_at(text, i, &s)) {
			if (rfc3463_is_specific(s) || !out->status.class)
				out->status = s;
			if (!out->smtp)
				out->at = i;
			continue;
		}
		smtp = reply_at(text, i);
		if (smtp) {
			out->smtp = smtp;
			out->at = i;
		}
	}
}

/* reference: RFC 3463 3, RFC 7505, RFC 7293 and what providers made of it */
static const struct {
	uint8_t class; /* 0: 4 and 5 */
	uint16_t subject, from, to;
	uint8_t reason;
} codes[] = {
	{5, 1, 1,   1,   REASON_USER_UNKNOWN    },
	{5, 1, 2,   2,   REASON_DOMAIN_UNKNOWN  },
	{5, 1, 3,   3,   REASON_ADDRESS_INVALID },
	{5, 1, 6,   6,   REASON_ADDRESS_MOVED   },
	{0, 1, 7,   8,   REASON_SENDER_REJECTED },
	{5, 1, 10,  10,  REASON_DOMAIN_NO_MAIL  },
	{5, 1, 351, 351, REASON_USER_UNKNOWN    },
	{5, 2, 1,   1,   REASON_MAILBOX_DISABLED},
	{0, 2, 2,   2,   REASON_MAILBOX_FULL    },
	{0, 2, 3,   3,   REASON_TOO_LARGE       },
	{0, 2, 4,   4,   REASON_SYSTEM_ERROR    },
	{0, 2, 122, 122, REASON_RATE_LIMITED    },
	{0, 3, 1,   1,   REASON_SYSTEM_FULL     },
	{0, 3, 2,   3,   REASON_SYSTEM_ERROR    },
	{0, 3, 4,   4,   REASON_TOO_LARGE       },
	{0, 3, 5,   5,   REASON_SYSTEM_ERROR    },
	{5, 4, 4,   4,   REASON_DOMAIN_UNKNOWN  },
	{5, 4, 310, 310, REASON_DOMAIN_UNKNOWN  },
	{5, 4, 312, 312, REASON_NETWORK_ERROR   },
	{5, 4, 300, 300, REASON_EXPIRED         },
	{5, 4, 316, 316, REASON_EXPIRED         },
	{0, 4, 1,   4,   REASON_NETWORK_ERROR   },
	{0, 4, 5,   5,   REASON_RATE_LIMITED    },
	{0, 4, 6,   6,   REASON_LOOP            },
	{0, 4, 14,  14,  REASON_LOOP            },
	{0, 4, 7,   7,   REASON_EXPIRED         },
	{5, 5, 1,   999, REASON_PROTOCOL_ERROR  },
	{0, 6, 7,   7,   REASON_PROTOCOL_ERROR  },
	{0, 6, 9,   9,   REASON_PROTOCOL_ERROR  },
	{0, 6, 0,   999, REASON_CONTENT         },
	{0, 7, 1,   1,   REASON_POLICY          },
	{5, 7, 3,   3,   REASON_RELAY_DENIED    },
	{0, 7, 4,   7,   REASON_SECURITY        },
	{5, 7, 8,   8,   REASON_RELAY_DENIED    },
	{0, 7, 10,  10,  REASON_TLS_REQUIRED    },
	{5, 7, 13,  13,  REASON_MAILBOX_DISABLED},
	{5, 7, 14,  14,  REASON_RELAY_DENIED    },
	{5, 7, 17,  18,  REASON_OWNER_CHANGED   },
	{0, 7, 25,  25,  REASON_NO_PTR          },
	{0, 7, 20,  27,  REASON_AUTH_FAILURE    },
	{0, 7, 28,  28,  REASON_RATE_LIMITED    },
	{0, 7, 29,  29,  REASON_TLS_REQUIRED    },
	{0, 7, 30,  30,  REASON_AUTH_FAILURE    },
	{5, 7, 57,  57,  REASON_RELAY_DENIED    },
	{5, 7, 60,  60,  REASON_RELAY_DENIED    },
	{5, 7, 120, 129, REASON_RESTRICTED      },
	{5, 7, 133, 136, REASON_RESTRICTED      },
	{5, 7, 509, 509, REASON_AUTH_FAILURE    },
	{5, 7, 515, 515, REASON_AUTH_FAILURE    },
	{5, 7, 511, 511, REASON_REPUTATION      },
	{5, 7, 606, 649, REASON_REPUTATION      },
	{4, 7, 500, 699, REASON_REPUTATION      },
	{0, 7, 0,   999, REASON_POLICY          },
	{0, 0, 0,   999, REASON_UNDETERMINED    },
};

enum verdict_reason rfc3463_reason(struct status s)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if ((codes[i].class ? codes[i].class == s.class
				    : s.class == 4 || s.class == 5) &&
			codes[i].subject == s.subject &&
			s.detail >= codes[i].from && s.detail <= codes[i].to)
			return codes[i].reason;
	return s.class == 4 || s.class == 5 ? REASON_UNDETERMINED : REASON_NONE;
}

enum verdict_reason rfc3463_smtp_reason(int smtp)
{
	static const struct {
		int smtp;
		enum verdict_reason reason;
	} rows[] = {
		{452, REASON_SYSTEM_FULL   },
		{500, REASON_PROTOCOL_ERROR},
		{501, REASON_PROTOCOL_ERROR},
		{502, REASON_PROTOCOL_ERROR},
		{503, REASON_PROTOCOL_ERROR},
		{504, REASON_PROTOCOL_ERROR},
		{551, REASON_ADDRESS_MOVED },
		{552, REASON_MAILBOX_FULL  },
		{556, REASON_DOMAIN_NO_MAIL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].smtp == smtp)
			return rows[i].reason;
	return REASON_NONE;
}
