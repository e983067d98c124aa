/*
 * IDLE by hand. libetpan's own has two holes, both measured: it loses what
 * comes in one segment with "+ idling", because that then sits in a buffer
 * which no poll() looks into; and an untagged line before the "+" hangs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "imap_private.h"

#define START_S      30
#define DONE_S       20
#define ANSWER_BYTES (16u << 20)

/* "* 23 EXISTS" */
static bool is_exists(const char *line)
{
	char *end;

	if (strncmp(line, "* ", 2) != 0)
		return false;
	(void)strtoul(line + 2, &end, 10);
	return end > line + 2 && strncasecmp(end, " EXISTS", 7) == 0;
}

/* Until the server says "+". */
static enum imap_rc start(struct imap *im, bool *news)
{
	const char *line;

	imap_begin(im, START_S, ANSWER_BYTES);
	if (!imap_send_line(im, "IDLE")) {
		imap_lose(im, "unable to send a command");
		return imap_lost(im);
	}
	while ((line = mailimap_read_line(im->lib)) != NULL) {
		if (line[0] == '+')
			return IMAP_OK;
		if (line[0] != '*') {
			snprintf(im->why, sizeof(im->why), "%.200s", line);
			return IMAP_MSG_BAD; /* tagged: NO or BAD */
		}
		*news = *news || is_exists(line);
	}
	imap_lose(im, "no answer to IDLE");
	return imap_lost(im);
}

enum imap_rc imap_idle(struct imap *im, int64_t ms, bool *news)
{
	struct mailimap_selection_info *info = im->lib->imap_selection_info;
	enum imap_rc rc;

	*news = false;
	info->sel_has_exists = 0;
	rc = start(im, news);
	if (rc != IMAP_OK)
		return rc;
	if (!*news && im->lib->imap_stream->read_buffer_len == 0)
		(void)stream_wait(im->stream, ms);
	imap_begin(im, DONE_S, ANSWER_BYTES);
	if (imap_judge(im, mailimap_idle_done(im->lib),
		    MAILIMAP_ERROR_EXTENSION) == IMAP_LOST)
		return imap_lost(im);
	*news = *news || info->sel_has_exists;
	return IMAP_OK;
}
