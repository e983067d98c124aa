/*
 * Whole mails, and among them the free text: who failed, and why. What is
 * promised of every verdict is checked, and that newlines make no difference.
 */
#include "fuzz.h"

#include "replay.h"
#include "utf8.h"

static void check_text(struct str s, size_t max)
{
	CHECK(s.n <= max);
	CHECK(utf8_is_valid(s));
}

static void check_verdict(const struct verdict *v)
{
	CHECK(v->class < CLASS_COUNT && v->reason < REASON_COUNT);
	CHECK(v->class == CLASS_UNKNOWN || v->class == CLASS_DELAY ||
		v->reason == REASON_NONE ||
		reason_class(v->reason) == v->class);
	CHECK(v->class != CLASS_HARD || v->recipient.n);
	for (size_t i = 0; i < v->recipient.n; i++)
		CHECK(v->recipient.p[i] && v->recipient.p[i] != '\n');
	check_text(v->evidence, 4096);
	check_text(v->diagnostic, 4096);
	check_text(v->recipient_key, 254);
	CHECK(!v->smtp || (v->smtp >= 200 && v->smtp < 600));
	PLANT(v->class == CLASS_HARD && v->recipient.n > 100);
}

/* "class recipient" of each verdict, in a copy. */
static struct str summary(const struct verdict_list *list, char *buf, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < list->n && used < n; i++) {
		const struct verdict *v = &list->v[i];

		used += (size_t)snprintf(buf + used, n - used, "%s %s " STR_FMT,
			class_word(v->class), reason_word(v->reason),
			STR_ARG(v->recipient));
	}
	return str_of(buf, used < n ? used : n);
}

static struct str with_newlines(struct str mail, const char *newline)
{
	size_t n = 0, length = strlen(newline);
	char *p = malloc(2 * mail.n + 1);

	CHECK(p);
	for (size_t i = 0; i < mail.n; i++) {
		if (mail.p[i] == '\n') {
			memcpy(p + n, newline, length);
			n += length;
		} else {
			p[n++] = mail.p[i];
		}
	}
	return str_of(p, n);
}

/* What travels is what was judged, and can be judged again. */
static void check_copy(struct harness *h, const struct verdict_list *list)
{
	struct verdict_list copy;
	struct judgement again;

	CHECK(verdict_list_dup(&h->arena, list, &copy) || h->arena.full);
	if (h->arena.full)
		return;
	CHECK(verdict_list_class(&copy) == verdict_list_class(list));
	for (size_t i = 0; i < copy.n; i++) {
		CHECK(str_eq(copy.v[i].recipient, list->v[i].recipient));
		CHECK(!list->v[i].recipient.n ||
			copy.v[i].recipient.p != list->v[i].recipient.p);
		if (replay_judge(&h->context, &h->arena, copy.v[i].evidence,
			    copy.v[i].action == ACTION_DELAYED, &again))
			CHECK(again.reason < REASON_COUNT);
	}
}

/* Asked to explain, and with all that may be configured: the same verdicts. */
static void explain(struct harness *h, struct str mail, struct str before,
	char *buf, size_t n)
{
	static const struct str streams[] = {STR("List-Id"), STR("Subject")},
				own[] = {STR("*@own.example")},
				without[] = {STR("no-such-family")};
	struct verdict_context plain = h->context;
	struct verdict_list list;
	struct trace trace = {.first = NULL};

	h->context.trace = &trace;
	h->context.stream_headers = streams;
	h->context.stream_headers_n = 2;
	h->context.own = own;
	h->context.own_n = 1;
	h->context.without = without;
	h->context.without_n = 1;
	harness_judge(h, mail, &list);
	for (const struct trace_line *l = trace.first; l; l = l->next)
		CHECK(l->text.p && l->text.n < 512);
	CHECK(list.limits & LIMIT_MEMORY ||
		str_ifind(mail, "own.example") < mail.n ||
		str_eq(before, summary(&list, buf, n)));
	check_copy(h, &list);
	h->context = plain;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const newlines[] = {"\r\n", "\r"};
	static char was[65536], is[65536];
	struct harness *h = fuzz_harness();
	struct str mail = {(const char *)data, n}, before;
	struct verdict_list list;

	harness_judge(h, mail, &list);
	CHECK(list.n >= 1);
	for (size_t i = 0; i < list.n; i++)
		check_verdict(&list.v[i]);
	/* More of an eighth of the mails each, because it is slow. */
	before = summary(&list, was, sizeof(was));
	if (n % 8 == 1)
		explain(h, mail, before, is, sizeof(is));
	if (n % 8 || str_chr(mail, '\r') < mail.n)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		struct str other = with_newlines(mail, newlines[i]);

		harness_judge(h, other, &list);
		CHECK(str_eq(before, summary(&list, is, sizeof(is))));
		free((char *)other.p);
	}
	return 0;
}
