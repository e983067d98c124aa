/*
 * The row of an incident, and the words for its numbers.
 */
#include "ledger_incident.h"

#include <stdlib.h>
#include <string.h>

#include "ledger_private.h"

static const char *const kind_words[INCIDENT_KINDS] = {
	[INCIDENT_PROVIDER] = "provider",
	[INCIDENT_DOMAIN] = "domain",
	[INCIDENT_STREAM] = "stream",
	[INCIDENT_ALL] = "all",
};

static const char *const incident_cause_words[INCIDENT_CAUSES] = {
	[INCIDENT_DETECTED] = "detected",
	[INCIDENT_MARKED] = "marked",
	[INCIDENT_KNOWN] = "known",
};

static const char *const incident_state_words[INCIDENT_STATES] = {
	[INCIDENT_OPEN] = "open",
	[INCIDENT_CLOSED] = "closed",
	[INCIDENT_CONFIRMED] = "confirmed",
	[INCIDENT_RELEASED] = "released",
	[INCIDENT_IMPORT] = "import",
};

static const char *word(const char *const *words, unsigned i, unsigned n)
{
	return i < n && words[i] ? words[i] : "?";
}

const char *incident_kind_word(enum incident_kind k)
{
	return word(kind_words, k, INCIDENT_KINDS);
}

const char *incident_cause_word(enum incident_cause c)
{
	return word(incident_cause_words, c, INCIDENT_CAUSES);
}

const char *incident_state_word(enum incident_state s)
{
	return word(incident_state_words, s, INCIDENT_STATES);
}

/* All columns but the id, in the order of INCIDENT_ADD and INCIDENT_PUT. */
static void bind(struct sql *s, const struct ledger_incident *i)
{
	sql_int(s, i->kind);
	sql_text(s, i->name.p ? i->name : str_of("", 0));
	sql_int(s, i->cause);
	sql_int(s, i->state);
	sql_int(s, i->from);
	sql_nonzero(s, i->to);
	sql_int(s, i->opened_at);
	sql_nonzero(s, i->closed_at);
	sql_int(s, i->events);
	sql_int(s, i->engaged);
	sql_real(s, i->usual);
	sql_text(s, i->match);
	sql_text(s, i->note);
	sql_int(s, i->alerted);
}

int ledger_incident_add(struct ledger *l, struct ledger_incident *i)
{
	struct sql s = sql_get(l->db, SQL_INCIDENT_ADD);

	bind(&s, i);
	if (sql_run(&s))
		return -1;
	i->id = sql_rowid(l->db);
	ledger_window_forget(l);
	return 0;
}

int ledger_incident_put(struct ledger *l, const struct ledger_incident *i)
{
	struct sql s = sql_get(l->db, SQL_INCIDENT_PUT);

	bind(&s, i);
	sql_int(&s, i->id);
	if (sql_run(&s))
		return -1;
	ledger_window_forget(l);
	return 0;
}

/* A copy of text at `at`; absent stays absent. */
static struct str keep(char *at, struct str text)
{
	if (text.n)
		memcpy(at, text.p, text.n);
	return text.p ? str_of(at, text.n) : STR_NULL;
}

int ledger_incident_get(
	struct ledger *l, int64_t id, struct ledger_incident *out)
{
	struct sql s = sql_get(l->db, SQL_INCIDENT_FIND);
	struct str name, match, note;
	char *copy;
	int rc;

	sql_int(&s, id);
	rc = sql_row(&s);
	if (rc != 1) {
		sql_end(&s);
		return rc;
	}
	name = sql_col_text(&s, 1);
	match = sql_col_text(&s, 11);
	note = sql_col_text(&s, 12);
	*out = (struct ledger_incident){
		.id = id,
		.kind = (enum incident_kind)sql_col(&s, 0),
		.cause = (enum incident_cause)sql_col(&s, 2),
		.state = (enum incident_state)sql_col(&s, 3),
		.from = sql_col(&s, 4),
		.to = sql_col(&s, 5),
		.opened_at = sql_col(&s, 6),
		.closed_at = sql_col(&s, 7),
		.events = sql_col(&s, 8),
		.engaged = sql_col(&s, 9),
		.usual = sql_col_real(&s, 10),
		.alerted = (unsigned)sql_col(&s, 13),
	};
	copy = malloc(name.n + match.n + note.n + 1);
	if (copy) {
		out->name = keep(copy, name);
		out->match = keep(copy + name.n, match);
		out->note = keep(copy + name.n + match.n, note);
	}
	sql_end(&s);
	return copy ? 1 : sql_no_memory(l->db);
}

void ledger_incident_drop(struct ledger_incident *i)
{
	free((char *)i->name.p);
	i->name = i->match = i->note = STR_NULL;
}

int ledger_incident_alerted(struct ledger *l, int64_t id, unsigned bits)
{
	struct sql s;

	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, SQL_INCIDENT_ALERTED);
	sql_int(&s, bits);
	sql_int(&s, id);
	return ledger_finish(l, sql_run(&s));
}
