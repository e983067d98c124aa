/*
 * The numbers of the database, spelled out for foreign readers and for the
 * view `suppressed`: the words of parsers/words.def and of this room.
 */
#include "db_private.h"
#include "ledger_incident.h"
#include "policy.h"
#include "verdict.h"
#include "words.h"

static const char *word_of_class(int i)
{
	return class_word((enum verdict_class)i);
}

static const char *word_of_reason(int i)
{
	return reason_word((enum verdict_reason)i);
}

static const char *word_of_state(int i)
{
	return state_word((enum state)i);
}

static const char *word_of_cause(int i)
{
	return cause_word((enum cause)i);
}

static const char *word_of_origin(int i)
{
	return origin_word((enum origin)i);
}

static const char *word_of_fate(int i)
{
	return fate_word((enum fate)i);
}

static const char *word_of_incident_kind(int i)
{
	return incident_kind_word((enum incident_kind)i);
}

static const char *word_of_incident_cause(int i)
{
	return incident_cause_word((enum incident_cause)i);
}

static const char *word_of_incident_state(int i)
{
	return incident_state_word((enum incident_state)i);
}

/* In the order of kind, as the table gives them. */
static const struct kind {
	const char *name;
	int n;                           /* numbers below it may have a word */
	const char *(*word)(int number); /* "?": none */
} kinds[] = {
	{"cause",          CAUSE_COUNT,       word_of_cause         },
	{"class",          CLASS_COUNT,       word_of_class         },
	{"fate",           FATE_COUNT,        word_of_fate          },
	{"incident-cause", INCIDENT_CAUSES,   word_of_incident_cause},
	{"incident-kind",  INCIDENT_KINDS,    word_of_incident_kind },
	{"incident-state", INCIDENT_STATES,   word_of_incident_state},
	{"origin",         ORIGIN_SIGNED + 1, word_of_origin        },
	{"reason",         REASON_COUNT,      word_of_reason        },
	{"state",          STATE_COUNT,       word_of_state         },
};

struct word {
	const char *kind;
	int number;
	const char *word;
};

#define WORDS_MAX                                                              \
	(CAUSE_COUNT + CLASS_COUNT + FATE_COUNT + INCIDENT_CAUSES +            \
		INCIDENT_KINDS + INCIDENT_STATES + ORIGIN_SIGNED + 1 +         \
		REASON_COUNT + STATE_COUNT)

static size_t list_words(struct word out[WORDS_MAX])
{
	size_t n = 0;

	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		for (int i = 0; i < kinds[k].n; i++) {
			const char *word = kinds[k].word(i);

			if (strcmp(word, "?") != 0)
				out[n++] =
					(struct word){kinds[k].name, i, word};
		}
	}
	return n;
}

static bool is_row(const struct sql *s, const struct word *w)
{
	return str_eq(sql_col_text(s, 0), str_from(w->kind)) &&
	       sql_col(s, 1) == w->number &&
	       str_eq(sql_col_text(s, 2), str_from(w->word));
}

/* 1: the table holds these words and no others; 0: not; -1. */
static int is_current(struct db *db, const struct word *words, size_t n)
{
	struct sql s = sql_get(db, SQL_WORD_LIST);
	size_t i = 0;
	int rc;

	while ((rc = sql_row(&s)) == 1 && i < n && is_row(&s, &words[i]))
		i++;
	sql_end(&s);
	if (rc < 0)
		return -1;
	return rc == 0 && i == n;
}

static int replace(struct db *db, const struct word *words, size_t n)
{
	struct sql s = sql_get(db, SQL_WORD_CLEAR);

	if (sql_run(&s))
		return -1;
	for (size_t i = 0; i < n; i++) {
		s = sql_get(db, SQL_WORD_ADD);
		sql_text(&s, str_from(words[i].kind));
		sql_int(&s, words[i].number);
		sql_text(&s, str_from(words[i].word));
		if (sql_run(&s))
			return -1;
	}
	return 0;
}

int db_words(struct db *db)
{
	struct word words[WORDS_MAX];
	size_t n = list_words(words);
	int current = is_current(db, words, n);

	if (current)
		return current < 0 ? -1 : 0;
	if (db_begin(db))
		return -1;
	if (replace(db, words, n) || db_commit(db)) {
		db_rollback(db);
		return -1;
	}
	return 0;
}
