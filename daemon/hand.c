/*
 * What a person decides wins over policy, so it is written down with who and
 * why. Addresses that the configuration protects cannot be suppressed by hand
 * either: the list of never_suppress is somebody's decision, too.
 */
#include "hand.h"

#include <stdio.h>
#include <sysexits.h>

#include "ingest.h"
#include "print.h"
#include "say.h"

struct work {
	const struct hand *hand;
	struct env *env;
	struct ledger *ledger;
	struct str note, scope;
	int status; /* of addresses that could not be done */
};

static void tell(const struct work *w, struct str seen, bool changed)
{
	struct out *o = w->env->out;

	print_visible(o, seen);
	out_printf(
		o, ": %s%s", changed ? "" : "was ", state_word(w->hand->state));
	if (w->hand->scope) {
		out_z(o, " in ");
		print_visible(o, w->scope);
	}
	out_z(o, changed ? "\n" : " already\n");
}

/* 0, or the exit status of what ends the work. */
static int change(struct work *w, const char *given)
{
	struct env *e = w->env;
	const char *key = NULL;
	struct ledger_hand by;
	struct address a;
	bool changed;
	int status = env_address(e, str_from(given), &a);

	if (status) {
		w->status = status;
		return status == EX_DATAERR ? 0 : status;
	}
	if (w->hand->state == STATE_SUPPRESSED)
		key = env_protects(e, a.key);
	if (key) {
		say("'%s' stays as it is: '%s:' in %s names it",
			say_str(a.seen), key,
			say_z(e->conf.path ? e->conf.path : e->config));
		w->status = EX_DATAERR;
		return 0;
	}
	by = (struct ledger_hand){
		a.key, a.seen, w->scope, w->hand->state, w->note};
	if (ledger_hand(w->ledger, &by, e->now, &changed))
		return env_db_failed(e->db);
	tell(w, a.seen, changed);
	return 0;
}

size_t hand_note(struct env *e, const char *reason, char *buf, size_t size)
{
	int n = snprintf(
		buf, size, STR_FMT ": %s", STR_ARG(env_user(e)), reason);

	return (size_t)n < size ? (size_t)n : size - 1;
}

int hand_run(const struct hand *h, struct env *e, int argc, char **argv)
{
	struct work w = {.hand = h, .env = e};
	struct house *house;
	char note[1024];
	int status = 0;

	if (!argc)
		return cmd_usage(h->cmd, "name at least one address");
	if (!h->reason || !str_trim(str_from(h->reason)).n)
		return cmd_usage(
			h->cmd, "say why: --reason='asked for it by phone'");
	house = house_new(&e->conf);
	if (!house)
		return EX_CONFIG;
	w.note = str_of(note, hand_note(e, h->reason, note, sizeof(note)));
	w.scope = h->scope ? str_from(h->scope) : (struct str)STR("*");
	if (ledger_open(e->db, house_ledger_settings(house), &w.ledger))
		status = env_db_failed(e->db);
	for (int i = 0; !status && i < argc; i++)
		status = change(&w, argv[i]);
	ledger_close(w.ledger);
	house_free(house);
	return status ? status : w.status;
}
