/*
 * Rejections that the sending MTA saw itself and never mailed back: its
 * accounting (PowerMTA), its log (Postfix), or any CSV with a head.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "event.h"
#include "progress.h"
#include "say.h"

enum column {
	COLUMN_RECIPIENT,
	COLUMN_ORIGINAL_RECIPIENT,
	COLUMN_AT,
	COLUMN_SENT_AT,
	COLUMN_KIND,
	COLUMN_STATUS,
	COLUMN_SMTP,
	COLUMN_DIAGNOSTIC,
	COLUMN_REMOTE_MTA,
	COLUMN_REPORTING_MTA,
	COLUMN_STREAM,
	COLUMN_MESSAGE_ID,
	COLUMN_N
};

/* What the columns are called, ours first; the rest are those of PowerMTA's
 * accounting and of what platforms call them. */
static const struct {
	enum column column;
	const char *name;
} heads[] = {
	{COLUMN_RECIPIENT,          "recipient"         },
	{COLUMN_RECIPIENT,          "rcpt"              },
	{COLUMN_RECIPIENT,          "email"             },
	{COLUMN_RECIPIENT,          "email address"     },
	{COLUMN_RECIPIENT,          "address"           },
	{COLUMN_ORIGINAL_RECIPIENT, "original_recipient"},
	{COLUMN_ORIGINAL_RECIPIENT, "orcpt"             },
	{COLUMN_AT,                 "at"                },
	{COLUMN_AT,                 "time"              },
	{COLUMN_AT,                 "timelogged"        },
	{COLUMN_AT,                 "timestamp"         },
	{COLUMN_AT,                 "date"              },
	{COLUMN_SENT_AT,            "sent_at"           },
	{COLUMN_SENT_AT,            "timequeued"        },
	{COLUMN_KIND,               "event"             },
	{COLUMN_KIND,               "type"              },
	{COLUMN_KIND,               "action"            },
	{COLUMN_STATUS,             "status"            },
	{COLUMN_STATUS,             "dsnstatus"         },
	{COLUMN_SMTP,               "smtp"              },
	{COLUMN_SMTP,               "code"              },
	{COLUMN_DIAGNOSTIC,         "diagnostic"        },
	{COLUMN_DIAGNOSTIC,         "dsndiag"           },
	{COLUMN_DIAGNOSTIC,         "response"          },
	{COLUMN_DIAGNOSTIC,         "message"           },
	{COLUMN_DIAGNOSTIC,         "error"             },
	{COLUMN_DIAGNOSTIC,         "reason"            },
	{COLUMN_REMOTE_MTA,         "remote_mta"        },
	{COLUMN_REMOTE_MTA,         "dsnmta"            },
	{COLUMN_REMOTE_MTA,         "mx"                },
	{COLUMN_REPORTING_MTA,      "reporting_mta"     },
	{COLUMN_REPORTING_MTA,      "srcmta"            },
	{COLUMN_STREAM,             "stream"            },
	{COLUMN_STREAM,             "jobid"             },
	{COLUMN_STREAM,             "campaign"          },
	{COLUMN_MESSAGE_ID,         "message_id"        },
	{COLUMN_MESSAGE_ID,         "header_message-id" },
};

static const struct {
	const char *word;
	enum event_kind kind;
} kinds[] = {
	{"failed",     EVENT_KIND_FAILED   },
	{"bounce",     EVENT_KIND_FAILED   },
	{"bounced",    EVENT_KIND_FAILED   },
	{"hard",       EVENT_KIND_FAILED   },
	{"soft",       EVENT_KIND_FAILED   },
	{"rejected",   EVENT_KIND_FAILED   },
	{"b",          EVENT_KIND_FAILED   },
	{"rb",         EVENT_KIND_FAILED   },
	{"delayed",    EVENT_KIND_DELAYED  },
	{"deferred",   EVENT_KIND_DELAYED  },
	{"t",          EVENT_KIND_NONE     },
	{"tq",         EVENT_KIND_NONE     },
	{"complaint",  EVENT_KIND_COMPLAINT},
	{"complained", EVENT_KIND_COMPLAINT},
	{"spamreport", EVENT_KIND_COMPLAINT},
	{"f",          EVENT_KIND_COMPLAINT},
};

static enum event_kind kind_of(struct str word)
{
	word = str_trim(word);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_ieqz(word, kinds[i].word))
			return kinds[i].kind;
	/* Deliveries, opens, clicks, and whatever else is logged. */
	return EVENT_KIND_NONE;
}

static void find_columns(const struct csv *c, int at[COLUMN_N])
{
	for (int i = 0; i < COLUMN_N; i++)
		at[i] = -1;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (at[heads[i].column] < 0)
			at[heads[i].column] = csv_column(c, heads[i].name);
}

static int take_row(struct import *i, const struct csv *c, const int *at)
{
#define FIELD(name) csv_field(c, at[COLUMN_##name])
	struct event e = {
		.recipient = FIELD(RECIPIENT),
		.original_recipient = FIELD(ORIGINAL_RECIPIENT),
		.status = FIELD(STATUS),
		.smtp = FIELD(SMTP),
		.diagnostic = FIELD(DIAGNOSTIC),
		.remote_mta = FIELD(REMOTE_MTA),
		.reporting_mta = FIELD(REPORTING_MTA),
		.stream = FIELD(STREAM),
		.message_id = FIELD(MESSAGE_ID),
		.kind = at[COLUMN_KIND] < 0 ? EVENT_KIND_FAILED
					    : kind_of(FIELD(KIND)),
	};

	i->rows++;
	if (e.kind == EVENT_KIND_NONE)
		return event_take(i, &e, c->line);
	if (!memchr(e.recipient.p ? e.recipient.p : "", '@', e.recipient.n)) {
		import_mistake(
			i, c->line, "'%s' is no address", say_str(e.recipient));
		return 0;
	}
	if (!import_time(FIELD(AT), &e.at)) {
		import_mistake(i, c->line,
			"'%s' is no time (2026-11-23T08:00:00Z)",
			say_str(FIELD(AT)));
		return 0;
	}
	if (FIELD(SENT_AT).n && !import_time(FIELD(SENT_AT), &e.sent_at))
		e.sent_at = 0;
#undef FIELD
	return event_take(i, &e, c->line);
}

static int run_csv(struct import *i)
{
	int at[COLUMN_N], got, status = 0;
	struct csv c;

	csv_init(&c, i->file, 0);
	got = import_row(i, &c);
	if (got > 0)
		find_columns(&c, at);
	if (got > 0 && (at[COLUMN_RECIPIENT] < 0 || at[COLUMN_AT] < 0)) {
		import_mistake(i, c.line,
			"the head must name at least the columns recipient "
			"and at");
		got = 0;
	}
	while (got > 0 && !status && (got = import_row(i, &c)) > 0)
		status = take_row(i, &c, at);
	csv_release(&c);
	return got < 0 ? EX_NOINPUT : status;
}

static int take_line(struct import *i, struct str line, uint64_t number)
{
	struct event e = {.at = 0};

	switch (event_postfix(line, i->in.env->now, &e)) {
	case EVENT_LOG_EVENT:
		i->rows++;
		return event_take(i, &e, number);
	case EVENT_LOG_PASSED:
		i->rows++;
		i->passed++;
		return 0;
	case EVENT_LOG_BAD:
		i->rows++;
		import_mistake(i, number, "a delivery that makes no sense");
		return 0;
	default:
		return 0; /* a log has lines of everything */
	}
}

static int run_log(struct import *i)
{
	char *line = NULL;
	size_t size = 0;
	uint64_t number = 0;
	int status = 0;
	ssize_t n;

	while (!status && (n = getline(&line, &size, i->file)) >= 0) {
		status = take_line(
			i, str_trim(str_of(line, (size_t)n)), ++number);
		progress_at_file(i->file);
	}
	free(line);
	if (ferror(i->file)) {
		say("unable to read '%s': %s", say_z(i->name), strerror(errno));
		return EX_NOINPUT;
	}
	return status;
}

/* A head of a CSV begins with a name of a column; a line of a log with a
 * month or a year. */
static bool is_log(FILE *f)
{
	int c = getc(f), d = getc(f);
	bool log = (c >= '0' && c <= '9') ||
		   (c >= 'A' && c <= 'Z' && d >= 'a' && d <= 'z');
	char rest[64];
	size_t n;

	if (fseek(f, 0, SEEK_SET))
		rewind(f);
	if (!log || (c >= '0' && c <= '9'))
		return log;
	/* "Jan 12 08:00:01", and not "Recipient,At". */
	n = fread(rest, 1, 4, f);
	rewind(f);
	return n == 4 && rest[3] == ' ';
}

static int run(struct import *i)
{
	return is_log(i->file) ? run_log(i) : run_csv(i);
}

const struct import_format import_events = {
	.name = "events",
	.help = "bounces of an MTA's own log: CSV, PowerMTA, Postfix",
	.what = "events",
	.run = run,
};
