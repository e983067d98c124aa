/* The parts of a mail: boundaries, parameters, transfer encodings, nesting. */
#include "fuzz.h"

#include "mail.h"
#include "utf8.h"

static void check_part(const struct mime *m, size_t i)
{
	const struct mime_part *p = &m->part[i];

	CHECK(p->depth <= MIME_DEPTH_MAX);
	CHECK(p->parent <= i);
	CHECK(!p->children || (p->child > i && p->child + p->children <= m->n));
	CHECK(p->body.p && p->head.p);
	CHECK(!p->cut || p->last);
}

static void read_part(struct harness *h, const struct mime *m, size_t i)
{
	static const char *const names[] = {"charset", "boundary", "name"};
	const struct mime_part *p = &m->part[i];
	unsigned limits = 0;
	struct str s = rfc2045_decode(
		&h->arena, p->encoding, p->body, RFC2045_TEXT_MAX, &limits);

	CHECK(s.n <= RFC2045_TEXT_MAX);
	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++) {
		rfc2045_param(&h->arena, p->type.params, names[k], &limits);
		rfc2045_param(&h->arena, p->disposition, names[k], &limits);
	}
	PLANT(p->depth >= 3 && p->encoding == ENCODING_BASE64 && s.n > 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct harness *h = fuzz_harness();
	struct str mail = {(const char *)data, n};
	struct mime m;
	size_t seen = 0;

	mime_parse(&h->arena, mail, &m);
	CHECK(m.n >= 1 && m.n <= MIME_PARTS_MAX);
	for (size_t i = 0; i < m.n; i++)
		mime_open_message(&m, i);
	for (size_t i = 0; i < m.n; i = mime_next(&m, i), seen++) {
		check_part(&m, i);
		read_part(h, &m, i);
	}
	CHECK(seen == m.n);
	return 0;
}
