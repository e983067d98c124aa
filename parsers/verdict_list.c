/* What travels: words for the values of a verdict, and copies that outlive the
 * mail. */
#include "verdict.h"

const char *origin_word(enum origin o)
{
	static const char *const words[] = {"unverified", "matched", "signed"};

	return (unsigned)o <= ORIGIN_SIGNED ? words[o] : "?";
}

const char *action_word(enum action a)
{
	static const char *const words[] = {
		"", "failed", "delayed", "delivered", "relayed", "expanded"};

	return (unsigned)a <= ACTION_EXPANDED ? words[a] : "?";
}

const char *limit_word(unsigned bit)
{
	static const char *const words[LIMIT_COUNT] = {"message", "depth",
		"parts", "header", "recipients", "text", "tokens", "memory"};

	for (unsigned i = 0; i < LIMIT_COUNT; i++)
		if (bit == 1u << i)
			return words[i];
	return "?";
}

/* A number below 1,000. */
static char *put_number(char *p, unsigned n)
{
	if (n >= 100)
		*p++ = (char)('0' + n / 100);
	if (n >= 10)
		*p++ = (char)('0' + n / 10 % 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

const char *status_format(struct status s, char buf[16])
{
	char *p = buf;

	buf[0] = 0;
	if (!s.class)
		return buf;
	p = put_number(p, s.class);
	*p++ = '.';
	p = put_number(p, s.subject % 1000u);
	*p++ = '.';
	p = put_number(p, s.detail % 1000u);
	*p = 0;
	return buf;
}

enum verdict_class verdict_list_class(const struct verdict_list *list)
{
	/* What the mail is filed under: the class that asks for most. */
	static const enum verdict_class order[] = {CLASS_HARD, CLASS_COMPLAINT,
		CLASS_SOFT, CLASS_BLOCK, CLASS_SKIPPED, CLASS_UNKNOWN,
		CLASS_DELAY, CLASS_SUCCESS, CLASS_REPLY};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		for (size_t k = 0; k < list->n; k++)
			if (list->v[k].class == order[i])
				return order[i];
	return CLASS_NONE;
}

static void dup_verdict(struct arena *a, struct verdict *v)
{
	struct str *const strings[] = {&v->recipient, &v->recipient_key,
		&v->final_recipient, &v->original_recipient, &v->diagnostic,
		&v->remote_mta, &v->reporting_mta, &v->provider, &v->stream,
		&v->original_message_id, &v->rule, &v->evidence};

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
		*strings[i] = arena_dup(a, *strings[i]);
}

bool verdict_list_dup(struct arena *a, const struct verdict_list *from,
	struct verdict_list *out)
{
	*out = *from;
	out->v = arena_alloc(a, from->n * sizeof(*out->v));
	if (!out->v)
		return false;
	memcpy(out->v, from->v, from->n * sizeof(*out->v));
	for (size_t i = 0; i < out->n; i++)
		dup_verdict(a, &out->v[i]);
	out->message_id = arena_dup(a, from->message_id);
	out->subject = arena_dup(a, from->subject);
	out->from = arena_dup(a, from->from);
	/* The digest is made before the mail goes; see ingest.c. */
	memset(out->digest_parts, 0, sizeof(out->digest_parts));
	return !a->full;
}
