/*
 * mkrules: rule files -> C source of `const struct rules rules_builtin` on
 * stdout. A host tool: it runs while the program is built. Tables are static
 * const, so that starting the program costs nothing for them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ruleset.h"

static void put_str(struct str s)
{
	printf("STR(\"");
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		/* Octal always has three digits: no byte runs into the next. */
		if (c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '?')
			printf("\\%03o", c);
		else
			putchar(c);
	}
	printf("\")");
}

static void put_strs(const char *name, size_t i, const struct str *v, size_t n)
{
	if (!n)
		return;
	printf("static const struct str %s_%zu[] = {", name, i);
	for (size_t k = 0; k < n; k++) {
		put_str(v[k]);
		putchar(',');
	}
	printf("};\n");
}

static void put_numbers(const char *name, size_t i, const uint16_t *v, size_t n)
{
	if (!n)
		return;
	printf("static const uint16_t %s_%zu[] = {", name, i);
	for (size_t k = 0; k < n; k++)
		printf("%u,", v[k]);
	printf("};\n");
}

static void put_ref(const char *name, size_t i, size_t n)
{
	if (n)
		printf("\t.%s = %s_%zu, .%s_n = %zu,\n", name, name, i, name,
			n);
}

static void put_rules(const struct rules *r)
{
	for (size_t i = 0; i < r->rules_n; i++) {
		const struct rule *rule = &r->rules[i];

		put_numbers("any", i, rule->any, rule->any_n);
		put_numbers("all", i, rule->all, rule->all_n);
		put_numbers("none", i, rule->none, rule->none_n);
		put_strs("status", i, rule->status, rule->status_n);
		put_strs("smtp", i, rule->smtp, rule->smtp_n);
		put_strs("host", i, rule->host, rule->host_n);
		put_strs("provider", i, rule->provider, rule->provider_n);
	}
	printf("static const struct rule rules[] = {\n");
	for (size_t i = 0; i < r->rules_n; i++) {
		const struct rule *rule = &r->rules[i];

		printf("{\t.name = ");
		put_str(rule->name);
		printf(", .family = ");
		put_str(rule->family);
		printf(", .file = ");
		put_str(rule->file);
		printf(", .line = %u,\n", rule->line);
		put_ref("any", i, rule->any_n);
		put_ref("all", i, rule->all_n);
		put_ref("none", i, rule->none_n);
		put_ref("status", i, rule->status_n);
		put_ref("smtp", i, rule->smtp_n);
		put_ref("host", i, rule->host_n);
		put_ref("provider", i, rule->provider_n);
		printf("\t.phases = %u, .reason = %u, .weak = %d,"
		       " .silent = %d, .rank = %u},\n",
			rule->phases, rule->reason, rule->weak, rule->silent,
			rule->rank);
	}
	printf("};\n");
}

static void put_providers(const struct rules *r)
{
	for (size_t i = 0; i < r->providers_n; i++)
		put_strs("phost", i, r->providers[i].host,
			r->providers[i].host_n);
	printf("static const struct rule_provider providers[] = {\n");
	for (size_t i = 0; i < r->providers_n; i++) {
		printf("{.name = ");
		put_str(r->providers[i].name);
		if (r->providers[i].host_n)
			printf(", .host = phost_%zu, .host_n = %u", i,
				r->providers[i].host_n);
		printf("},\n");
	}
	printf("};\n");
}

static void put_hosts(const struct rules *r)
{
	printf("static const struct rule_host hosts[] = {\n");
	for (size_t i = 0; i < r->hosts_n; i++)
		printf("{%" PRIu32 ",%" PRIu32 ",%u,%u},\n", r->hosts[i].key,
			r->hosts[i].bytes, r->hosts[i].provider,
			r->hosts[i].host);
	printf("};\n");
}

static size_t put_phrases(const struct rules *r)
{
	size_t uses = 0;

	printf("static const struct rule_phrase phrases[] = {\n");
	for (size_t i = 0; i < r->phrases_n; i++) {
		const struct rule_phrase *p = &r->phrases[i];

		printf("{%" PRIu32 ", %u, %u, %u, %u, %u, %" PRIu32 "},\n",
			p->at, p->n, p->use, p->use_n, p->next, p->star,
			p->marks);
		uses += p->use_n;
	}
	printf("};\nstatic const struct rule_use uses[] = {\n");
	for (size_t i = 0; i < uses; i++)
		printf("{%u, %u},\n", r->uses[i].kind, r->uses[i].index);
	printf("};\n");
	return uses;
}

#define PUT_ARRAY(type, name, v, n)                                            \
	do {                                                                   \
		printf("static const " type " " name "[] = {");                \
		for (size_t k_ = 0; k_ < (n); k_++)                            \
			printf("%s%" PRIu32 ",", k_ % 16 ? "" : "\n",          \
				(uint32_t)(v)[k_]);                            \
		printf("};\n");                                                \
	} while (0)

static void put_text(const struct rules *r)
{
	printf("static const char text[] = {");
	for (size_t i = 0; i < r->phrases_n; i++) {
		struct str s = rules_phrase_text(r, &r->phrases[i]);

		putchar('\n');
		for (size_t k = 0; k < s.n; k++)
			printf("%d,", s.p[k]);
	}
	printf("};\n");
}

static void put_match(const struct match *m)
{
	uint32_t narrow = m->states - m->wide_n / m->columns;

	PUT_ARRAY("uint8_t", "m_column", m->column, 256);
	PUT_ARRAY("uint32_t", "m_wide", m->wide, m->wide_n);
	PUT_ARRAY("uint32_t", "m_dict", m->dict, m->states);
	PUT_ARRAY("uint16_t", "m_phrase", m->phrase, m->states);
	printf("static const struct match_narrow m_narrow[] = {\n");
	for (uint32_t i = 0; i < narrow; i++) {
		const struct match_narrow *n = &m->narrow[i];

		printf("{%" PRIu32 ",%" PRIu32 ",%u,%d},\n", n->next, n->fail,
			n->column, n->hit);
	}
	printf("};\nstatic const struct match match = {.states = %" PRIu32
	       ", .columns = %" PRIu32 ", .column = m_column"
	       ", .hit_from = %" PRIu32 ", .wide_n = %" PRIu32
	       ", .wide = m_wide, .narrow = m_narrow"
	       ", .dict = m_dict, .phrase = m_phrase};\n",
		m->states, m->columns, m->hit_from, m->wide_n);
}

static void put_all(const struct rules *r)
{
	printf("/* made by mkrules from conf/rules/; do not edit */\n"
	       "#include \"rules.h\"\n\n");
	put_rules(r);
	put_providers(r);
	put_hosts(r);
	put_phrases(r);
	put_text(r);
	put_match(r->match);
	PUT_ARRAY("uint16_t", "wordless", r->wordless, r->wordless_n + 1);
	printf("const struct rules rules_builtin = {\n"
	       "\t.rules = rules, .rules_n = %zu,\n"
	       "\t.wordless = wordless, .wordless_n = %zu,\n"
	       "\t.providers = providers, .providers_n = %zu,\n"
	       "\t.hosts = hosts, .hosts_n = %zu,\n"
	       "\t.phrases = phrases, .phrases_n = %zu, .text = text,\n"
	       "\t.uses = uses, .match = &match,\n};\n",
		r->rules_n, r->wordless_n, r->providers_n, r->hosts_n,
		r->phrases_n);
}

static int add(struct ruleset *set, const char *path)
{
	struct conf_mistakes m = {0};
	int rc = ruleset_add(set, path, &m);

	mistake_sort(&m);
	for (size_t i = 0; i < m.n; i++)
		fprintf(stderr, "%s:%u: %s\n", path, m.v[i].line, m.v[i].text);
	conf_mistakes_release(&m);
	return rc;
}

int main(int argc, char **argv)
{
	struct ruleset *set = ruleset_new();
	int rc = 0;

	if (argc < 2 || !set) {
		fprintf(stderr, "usage: mkrules FILE...\n");
		return 64;
	}
	for (int i = 1; i < argc; i++)
		rc |= add(set, argv[i]);
	if (!rc && ruleset_finish(set) < 0) {
		fprintf(stderr, "mkrules: too many rules, or out of memory\n");
		rc = -1;
	}
	if (!rc)
		put_all(ruleset_rules(set));
	ruleset_free(set);
	if (!rc && (fflush(stdout) || ferror(stdout))) {
		perror("mkrules: stdout");
		rc = -1;
	}
	return rc ? 65 : 0;
}
