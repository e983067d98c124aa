/*
 * Where a mail ends, and whether it could have gone on. A part of a mail may
 * say less than the whole, never worse: what stands at its end is doubted.
 */
#include "mail_private.h"

/* The last line of s that is not blank, without blanks around it. */
static struct str last_line(struct str s)
{
	const char *end;

	s = str_trim(s);
	/* Asked for each recipient; the line may be most of the mail. */
	end = s.n ? memrchr(s.p, '\n', s.n) : NULL;
	return end ? str_trim(str_sub(s, (size_t)(end - s.p), s.n)) : s;
}

/* "--x--", alone on its line. */
static bool is_delimiter(struct str line)
{
	bool word = false;

	if (line.n < 5 || line.p[0] != '-' || line.p[1] != '-' ||
		line.p[line.n - 1] != '-' || line.p[line.n - 2] != '-')
		return false;
	for (size_t i = 0; i < line.n; i++) {
		word |= ascii_is_alnum((unsigned char)line.p[i]);
		if (line.p[i] == ' ')
			return false;
	}
	return word;
}

void mail_find_end(struct mail *m)
{
	for (size_t i = 1; i < m->mime.n; i++) {
		struct mime_part *p = &m->mime.part[i];

		if (p->cut && !media_is_multipart(p->type.media) &&
			is_delimiter(last_line(p->body)))
			p->cut = false;
	}
}

bool mail_is_cut(const struct mail *m)
{
	for (size_t i = 0; i < m->mime.n; i++)
		if (m->mime.part[i].cut)
			return true;
	return false;
}

bool mail_is_cut_before_original(const struct mail *m)
{
	return !m->original && mail_is_cut(m);
}

/* The part that the mail ends with; 0: the mail itself is one. */
static size_t last_part(const struct mail *m)
{
	size_t i = m->mime.n;

	while (i-- > 1)
		if (m->mime.part[i].last && !m->mime.part[i].children)
			return i;
	return 0;
}

bool mail_lacks_report(const struct mail *m)
{
	size_t last = last_part(m);
	const struct mime_part *p = &m->mime.part[last];

	if (!mail_is_cut(m) || m->original)
		return false;
	if (m->report)
		return m->mime.part[m->report].cut;
	/* Its headers may go on, or it is yet to come. */
	if (!last || (!p->body.n && p->child == 0))
		return true;
	while (last) {
		last = m->mime.part[last].parent;
		if (m->mime.part[last].type.media == MEDIA_MULTIPART_REPORT)
			return true;
	}
	return false;
}

bool mail_text_may_go_on(const struct mail *m)
{
	size_t last = last_part(m);

	if (!last || !m->mime.part[last].cut)
		return mail_ends_in_line(m);
	if (!mail_is_text(m->mime.part[last].type.media, true))
		return mail_is_text(m->mime.part[last].type.media, false);
	/* HTML is read where the text before it names nobody. */
	for (size_t i = 1; i < last; i++)
		if (mail_is_text(m->mime.part[i].type.media, false) &&
			str_chr(m->mime.part[i].body, '@') <
				m->mime.part[i].body.n)
			return false;
	return true;
}

/* Whether HTML ends with what ends a line of it. */
static bool ends_block(struct str s)
{
	static const char *const tags[] = {"</html>", "</body>", "</p>",
		"</div>", "</table>", "</tr>", "</td>", "</pre>", "<br>", NULL};

	for (size_t i = 0; tags[i]; i++)
		if (str_iends(s, tags[i]))
			return true;
	return false;
}

/* Whether the last word is, or may become, an address. */
static bool ends_in_address(struct str line)
{
	for (size_t n = line.n; n && line.p[n - 1] != ' '; n--)
		if (line.p[n - 1] == '@')
			return true;
	return false;
}

/* "550": the byte behind the code of the reply that a line begins with, or 0.
 */
static char behind_code(struct str line)
{
	if (line.n < 4 || (line.p[0] != '4' && line.p[0] != '5') ||
		!ascii_is_digit((unsigned char)line.p[1]) ||
		!ascii_is_digit((unsigned char)line.p[2]))
		return 0;
	return line.p[3];
}

bool mail_ends_in_line(const struct mail *m)
{
	const struct mime_part *p = &m->mime.part[mail_top(m)];
	struct str s = p->body, line;

	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	if (!p->last || !s.n || media_is_multipart(p->type.media))
		return false;
	line = last_line(s);
	/* RFC 5321 4.2.1: "550-" is not the last line of a reply. */
	if (s.p[s.n - 1] == '\n')
		return behind_code(line) == '-';
	/* A sentence; of a reply it need not be the last. */
	if (strchr(".)", s.p[s.n - 1]))
		return ends_in_address(line) || behind_code(line);
	return !ends_block(s);
}
