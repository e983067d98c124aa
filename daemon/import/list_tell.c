/*
 * What a list comes to. Whoever imports a million addresses looks at the counts
 * first, and then at the rows where two sources disagree: these are data, on
 * stdout.
 */
#include <inttypes.h>

#include "json.h"
#include "list.h"
#include "print.h"
#include "say.h"
#include "when.h"

static const struct {
	const char *word; /* for programs */
	const char *text; /* for the account: "N ..." */
	const char *why;  /* for the row; NULL: none is printed */
} outcomes[] = {
	[LISTED_NEW] = {"new",            "new",				       NULL            },
	[LISTED_AGAIN] = {"again",          "newer than what ended or held them here",
			"suppressed: their entry is newer than what was known here"                    },
	[LISTED_WIDER] = {"wider",          "so far suppressed in some scopes only",
			"suppressed everywhere: so far only in other scopes"                           },
	[LISTED_LONGER] = {"longer",         "so far suppressed for a time only",
			"suppressed without end, or for longer than before"                            },
	[LISTED_ALREADY] = {"already",        "suppressed already",                        NULL            },
	[LISTED_RELEASED] = {"released",       "released by hand here, and stay so",
			"left as it is: released by hand here, and their entry is not "
		"newer"										},
	[LISTED_ENDED] = {"ended",          "whose suppression came to its end here",
			"left as it is: its suppression came to its end here, and "
		"their entry is not newer"							     },
	[LISTED_HELD] = {"held",           "held here, and stay so",
			"left as it is: held here until it is confirmed"                               },
	[LISTED_TRIED] = {"probation",      "on probation here, and stay so",
			"left as it is: on probation here, its next hard bounce "
		"suppresses it"									},
	[LISTED_INCIDENT] = {"incident",       "listed in an incident, and not taken",
			"not taken: listed in an incident, when good addresses "
		"bounced, too"									 },
	[LISTED_ENGAGED] = {"engaged",
			"that opened or clicked since or shortly before, not taken",
			"not taken: it opened or clicked since, or shortly before"                     },
	[LIST_OUT_OWN] = {"own",            "of our own, refused",
			"refused: 'own:' in the configuration names it"                                },
	[LIST_OUT_NEVER] = {"never_suppress", "on never_suppress, refused",
			"refused: 'never_suppress:' in the configuration names it"                     },
	[LIST_OUT_SOFT] = {"soft",           "soft bounces, no reason to suppress",
			"not taken: a soft bounce (--all takes it)"                                    },
	[LIST_OUT_BLOCK] = {"block",
			"blocks, about the sender and not the address",		"not taken: a block, which is about the sender (--all takes "
		"it)"           },
	[LIST_OUT_UNCLEAR] = {"unclear",
			"bounces or blocks whose text does not tell",		  "not taken: its text does not tell a bounce from a block "
		"(--all takes it)"},
	[LIST_OUT_OVER] = {"over",           "for a reason that ends by policy, and has",
			"not taken: such a suppression ends by policy, and its time "
		"is over (--all takes it)"							     },
	[LIST_OUT_ENDED] = {"expired",        "whose time is over on their list",
			NULL									   },
	[LIST_OUT_STATE] = {"other-state",    "not suppressed on their list",
			NULL									   },
	[LIST_OUT_UNKNOWN] = {"unknown-state",
			"whose status is no word that is known",		       "not taken: what its status says is not known (--all takes "
		"it)"                  },
};

_Static_assert(sizeof(outcomes) / sizeof(*outcomes) == LIST_OUTCOMES &&
		       LIST_OUTCOMES <= IMPORT_OUTCOMES,
	"every outcome has a row, and a place in the account");

static void write_text(const struct import *i, const struct list_told *t)
{
	struct out *o = i->in.env->out;
	char at[WHEN_SIZE];

	print_visible(o, str_from(i->name));
	out_printf(o, ":%" PRIu64 ": ", t->line);
	print_visible(o, t->address);
	out_printf(o, ": %s", outcomes[t->outcome].why);
	if (t->at)
		out_printf(o, " (%s)", when_day(t->at, at));
	if (t->incident_id)
		out_printf(o, "; incident %" PRId64, t->incident_id);
	out_char(o, '\n');
}

static void write_jsonl(const struct import *i, const struct list_told *t)
{
	struct json j;

	json_open(&j, i->in.env->out);
	json_z(&j, "file", i->name);
	json_int(&j, "line", (int64_t)t->line);
	json_str(&j, "address", t->address);
	json_z(&j, "outcome", outcomes[t->outcome].word);
	json_z(&j, "reason", reason_word(t->reason));
	json_time(&j, "at", t->at);
	if (t->incident_id)
		json_int(&j, "incident", t->incident_id);
	else
		json_null(&j, "incident");
	json_close(&j);
}

static void write_csv(const struct import *i, const struct list_told *t)
{
	struct out *o = i->in.env->out;
	char at[WHEN_SIZE];

	print_csv(o, str_from(i->name));
	out_printf(o, ",%" PRIu64 ",", t->line);
	print_csv(o, t->address);
	out_printf(o, ",%s,%s,%s,", outcomes[t->outcome].word,
		reason_word(t->reason), t->at ? when_format(t->at, at) : "");
	if (t->incident_id)
		out_printf(o, "%" PRId64, t->incident_id);
	out_z(o, "\r\n");
}

static void (*const writers[])(const struct import *,
	const struct list_told *) = {write_text, write_jsonl, write_csv};

void list_begin(struct import *i)
{
	if (writers[i->format] == write_csv)
		out_z(i->in.env->out,
			"file,line,address,outcome,reason,at,incident\r\n");
}

void list_tell(struct import *i, const struct list_told *t)
{
	struct import_account *a = &i->account;
	bool suppresses = t->outcome < LISTED_FATES &&
			  listed_changes((enum listed_fate)t->outcome);

	a->outcomes[t->outcome]++;
	if (suppresses) {
		a->reasons[t->reason]++;
		i->taken++;
	}
	if (outcomes[t->outcome].why)
		writers[i->format](i, t);
}

static void tell_reasons(const struct import_account *a)
{
	char line[512] = "";
	size_t n = 0;

	for (int r = 0; r < REASON_COUNT && n < sizeof(line); r++)
		if (a->reasons[r])
			n += (size_t)snprintf(line + n, sizeof(line) - n,
				"%s%" PRIu64 " %s", n ? ", " : "",
				a->reasons[r],
				reason_word((enum verdict_reason)r));
	if (n)
		say_hint("for the reasons: %s", line);
}

void list_summary(const struct import *i)
{
	const struct import_account *a = &i->account;

	say("%s %" PRIu64 " addresses, from %" PRIu64 " entries; %" PRIu64
	    " not understood",
		i->dry_run ? "would suppress" : "suppressed", i->taken, i->rows,
		i->bad);
	for (unsigned o = 0; o < LIST_OUTCOMES; o++)
		if (a->outcomes[o])
			say_hint("%" PRIu64 " %s", a->outcomes[o],
				outcomes[o].text);
	tell_reasons(a);
	if (a->wide)
		say_hint("%" PRIu64 " of them are complaints or unsubscribes "
			 "and hold everywhere: --stream=NAME holds them "
			 "there",
			a->wide);
	if (i->dry_run)
		say_hint("this was a dry run, nothing was changed: --yes does "
			 "it");
}
