/*
 * A level for each address, by where it stands: on a line that names the
 * recipient, in a list below the words of a failure, beside a reply code; or
 * merely somewhere.
 */
#include "text_private.h"

#define SECTION_MAX 25u /* lines a list of addresses may follow its words */
#define REPLY_MAX   12u /* what may stand before a reply on its line */
#define NAMED_MAX   3u  /* lines below which a name is no longer a list's */

/* An address that nothing is said of: it counts where it is alone. */
static void note_sole(struct page *p, struct str address)
{
	struct text *t = p->text;

	if (text_is_ignored(p, address) ||
		(t->sole.p && str_ieq(t->sole, address)))
		return;
	t->sole_n++;
	t->sole = address;
}

enum section {
	SECTION_NONE,
	SECTION_FAILED,
	SECTION_DELIVERED
};

/* "delivered to these recipients": what heads a list heads both kinds. */
static bool says_delivered(const struct line *l)
{
	static const char *const no[] = {
		" not ", "n't ", "unable", "fail", "nicht", " no "};

	if (!(l->marks & BIT(MARK_DELIVERED)))
		return false;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (l->marks & BIT(MARK_FAILED) &&
			str_ifind(l->raw, no[i]) < l->raw.n)
			return false;
	return true;
}

static enum section section_after(
	const struct line *l, enum section now, size_t *age)
{
	bool listed = now == SECTION_DELIVERED && l->starts;
	uint32_t failed = BIT(MARK_FAILED) | BIT(MARK_DELAYED);

	/* "delivered to: @" is said above a list, too. */
	if (!listed)
		failed |= BIT(MARK_RECIPIENT);
	if (says_delivered(l)) {
		*age = 0;
		return SECTION_DELIVERED;
	}
	if (l->marks & failed) {
		*age = 0;
		return SECTION_FAILED;
	}
	if (now != SECTION_NONE && ++*age > SECTION_MAX)
		return SECTION_NONE;
	return now;
}

/* The next line that is not blank, of the two below i. */
static const struct line *line_below(const struct page *p, size_t i)
{
	for (size_t k = i + 1; k < p->n && k <= i + 2; k++)
		if (!p->line[k].blank)
			return &p->line[k];
	return NULL;
}

/* A command that the line below tells to have been accepted: "<<< 250 ok". */
static bool is_accepted(const struct page *p, size_t i)
{
	const struct line *l = &p->line[i], *below = line_below(p, i);
	size_t k = 0;

	if (!below || str_ifind(l->raw, "rcpt to") == l->raw.n)
		return false;
	while (k < below->raw.n && k < REPLY_MAX &&
		!ascii_is_digit((unsigned char)below->raw.p[k]))
		k++;
	return k + 3 < below->raw.n && below->raw.p[k] == '2' &&
	       ascii_is_digit((unsigned char)below->raw.p[k + 1]) &&
	       ascii_is_digit((unsigned char)below->raw.p[k + 2]) &&
	       strchr(" -", below->raw.p[k + 3]);
}

/* Whether the line below tells how it failed, and is of no other address. */
static bool is_explained(const struct page *p, size_t i)
{
	const struct line *below = line_below(p, i);

	return p->line[i].starts && below && !below->address.p &&
	       (below->reply || below->marks & BIT(MARK_NONE));
}

static unsigned level_of(
	const struct page *p, size_t i, enum section section, size_t age)
{
	const struct line *l = &p->line[i];
	bool listed = l->starts || (l->named && !l->reply && age <= NAMED_MAX);

	if (!l->address.p)
		return 0;
	if (l->marks & BIT(MARK_RECIPIENT) &&
		!(section == SECTION_DELIVERED && l->starts))
		return is_accepted(p, i) ? 1 : 3;
	if (section == SECTION_DELIVERED ||
		(l->marks & BIT(MARK_BYSTANDER) && !l->said &&
			!(l->starts && l->reply)))
		return 0;
	if (listed && section == SECTION_FAILED)
		return 3;
	if (l->reply || l->marks & (BIT(MARK_NONE) | BIT(MARK_FAILED)))
		return 2;
	if (is_explained(p, i))
		return 2;
	return l->alone ? 1 : 0;
}

/* "-- ": what follows is who wrote it, and where he can be asked. */
static bool is_signature(const struct line *l)
{
	return str_trim(l->raw).n == 2 && str_istarts(l->raw, "--");
}

void text_set_levels(struct page *p)
{
	enum section section = SECTION_NONE;
	const struct line *before = NULL; /* the last that is not blank */
	size_t age = 0;
	bool found = false;

	for (size_t i = 0; i < p->n; i++) {
		struct line *l = &p->line[i];

		if (found && is_signature(l))
			break;
		/* The subject tells what kind of mail it is, not who failed. */
		if (i)
			section = section_after(l, section, &age);
		p->text->delivered |= section == SECTION_DELIVERED;
		p->text->failed |= section == SECTION_FAILED;
		l->level = (uint8_t)level_of(p, i, section, age);
		/* "please write to", and below it the address for help */
		if ((l->starts ||
			    !(l->reply || l->marks & BIT(MARK_RECIPIENT))) &&
			before && before->marks & BIT(MARK_BYSTANDER) &&
			!before->address.p && !before->reply)
			l->level = 0;
		if (!l->blank)
			before = l;
		if (i && l->level >= 3)
			age = 0;
		found |= l->level >= 2;
		if (!l->level && l->address.p &&
			!(l->marks & BIT(MARK_BYSTANDER)) &&
			section != SECTION_DELIVERED)
			note_sole(p, l->address);
	}
}
