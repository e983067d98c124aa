/*
 * The single values of a rule file: words and codes must exist, so that
 * matching need not check them.
 */
#include "ruleset_private.h"

#define VALUES_MAX 255u

/* "5.1.1", "x.2.2", "5.7.*": 4, 5, 2 or x, digits, and '*' at the end. */
bool ruleset_is_status(struct str s)
{
	size_t i = 2;

	if (s.n < 3 || !strchr("245x", s.p[0]) || s.p[1] != '.')
		return false;
	while (i < s.n && (ascii_is_digit((unsigned char)s.p[i]) ||
				  (s.p[i] == '.' && s.p[i - 1] != '.')))
		i++;
	if (i < s.n && s.p[i] == '*')
		return i + 1 == s.n;
	return i == s.n && s.p[i - 1] != '.';
}

bool ruleset_is_smtp(struct str s)
{
	return s.n == 3 && (s.p[0] == '4' || s.p[0] == '5') &&
	       (ascii_is_digit((unsigned char)s.p[1]) || s.p[1] == 'x') &&
	       (ascii_is_digit((unsigned char)s.p[2]) || s.p[2] == 'x');
}

bool ruleset_is_name(struct str s)
{
	return s.n > 0;
}

int ruleset_values(struct ruleset_file *f, const struct tree_node *rule,
	const char *key, bool (*check)(struct str), const struct str **out,
	uint8_t *n)
{
	const struct tree_node *list = tree_get(rule, key);
	struct str *v;
	int rc = 0;

	if (!list)
		return 0;
	if (list->kind != TREE_LIST || !list->n || list->n > VALUES_MAX) {
		mistake_add(f->m, list->line,
			"'%s' must be a list of 1 to %u values", key,
			VALUES_MAX);
		return -1;
	}
	v = arena_zalloc(&f->set->arena, list->n, sizeof(*v));
	if (!v)
		return ruleset_no_memory(f);
	*out = v;
	*n = (uint8_t)list->n;
	for (const struct tree_node *c = list->first; c; c = c->next, v++) {
		if (c->kind != TREE_SCALAR || !check(c->value)) {
			mistake_add(f->m, c->line, "'" STR_FMT "' is no %s",
				STR_ARG(c->value), key);
			rc = -1;
		}
		*v = arena_dup(&f->set->arena, c->value);
	}
	return rc;
}

static const struct {
	const char *word;
	uint8_t bit;
} phases[] = {
	{"connect", PHASE_CONNECT},
	{"helo",    PHASE_HELO   },
	{"mail",    PHASE_MAIL   },
	{"rcpt",    PHASE_RCPT   },
	{"data",    PHASE_DATA   },
};

#define PHASES_N (sizeof(phases) / sizeof(*phases))

int ruleset_phase_bit(struct ruleset_file *f, const struct tree_node *node)
{
	for (size_t i = 0; i < PHASES_N; i++)
		if (node->kind == TREE_SCALAR &&
			str_ieqz(node->value, phases[i].word))
			return phases[i].bit;
	mistake_add(f->m, node->line,
		"'" STR_FMT "' is no phase: connect, helo, mail, rcpt or data",
		STR_ARG(node->value));
	return -1;
}

int ruleset_phases(
	struct ruleset_file *f, const struct tree_node *rule, uint8_t *out)
{
	const struct tree_node *list = tree_get(rule, "phase");
	int rc = 0;

	if (!list)
		return 0;
	if (list->kind != TREE_LIST || !list->n) {
		mistake_add(
			f->m, list->line, "'phase' must be a list of phases");
		return -1;
	}
	for (const struct tree_node *c = list->first; c; c = c->next) {
		int bit = ruleset_phase_bit(f, c);

		if (bit < 0)
			rc = -1;
		else
			*out |= (uint8_t)bit;
	}
	return rc;
}

struct str ruleset_text(const struct tree_node *map, const char *key)
{
	const struct tree_node *node = tree_get(map, key);

	return node && node->kind == TREE_SCALAR ? node->value : STR_NULL;
}

int ruleset_rank(
	struct ruleset_file *f, const struct tree_node *map, uint8_t *rank)
{
	const struct tree_node *node = tree_get(map, "rank");
	long n;

	if (!node)
		return 0;
	n = node->kind == TREE_SCALAR ? str_number(node->value, 9) : -1;
	if (n < 1) {
		mistake_add(f->m, node->line, "'rank' must be 1 to 9");
		return -1;
	}
	*rank = (uint8_t)n;
	return 0;
}

int ruleset_keys(struct ruleset_file *f, const struct tree_node *map,
	const char *const *known, const char *what)
{
	int rc = 0;

	for (const struct tree_node *c = map->first; c; c = c->next) {
		size_t i = 0;

		while (known[i] && !str_eq(c->key, str_from(known[i])))
			i++;
		if (!known[i]) {
			mistake_add(f->m, c->key_line,
				"unknown key '" STR_FMT "' in %s",
				STR_ARG(c->key), what);
			rc = -1;
		}
	}
	return rc;
}

int ruleset_flag(struct ruleset_file *f, const struct tree_node *rule,
	const char *key, bool *out)
{
	const struct tree_node *node = tree_get(rule, key);
	struct str word = ruleset_text(rule, key);

	if (!node)
		return 0;
	*out = str_ieqz(word, "true");
	if (*out || str_ieqz(word, "false"))
		return 0;
	mistake_add(f->m, node->line, "'%s' must be true or false", key);
	return -1;
}
