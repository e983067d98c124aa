/* getline() takes as much memory as a stranger's line is long. */
#include "lines.h"

#include "no_text.h"

void lines_init(struct lines *l, FILE *file)
{
	l->file = file;
	l->text = STR_NULL;
	l->line = 0;
}

/* One line into buf; false: there is none. */
static bool read_line(struct lines *l, size_t *n, bool *cut)
{
	int c;

	*n = 0;
	*cut = false;
	while ((c = getc_unlocked(l->file)) != EOF && c != '\n') {
		if (*n < sizeof(l->buf))
			l->buf[(*n)++] = (char)c;
		else
			*cut = true;
	}
	l->line++;
	return c != EOF || *n > 0;
}

enum lines_result lines_next(struct lines *l)
{
	static const struct str mark = STR("\xef\xbb\xbf");
	const char *why;
	bool cut;
	size_t n;

	while (read_line(l, &n, &cut)) {
		why = l->line == 1 ? no_text(l->buf, n) : NULL;
		if (why) {
			l->text = str_from(why);
			return LINES_NO_TEXT;
		}
		if (cut)
			return LINES_LONG;
		l->text = str_of(l->buf, n);
		if (l->line == 1 && str_starts(l->text, mark))
			l->text = str_sub(l->text, mark.n, n);
		l->text = str_trim(l->text);
		if (l->text.n)
			return LINES_LINE;
	}
	return ferror(l->file) ? LINES_ERROR : LINES_END;
}
