/*
 * What is due, and whose it is: without a clock, a database or a program, so
 * that a test can try each case.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dispatch.h"
#include "schedule.h"

#define WEEK  (INT64_C(7) * 86400)
#define LEASE 600

static const char *const way_words[] = {
	[DISPATCH_FOLDER] = "folder",
	[DISPATCH_COMMAND] = "command",
	[DISPATCH_MAIL] = "mail",
};

static const char *const step_words[] = {
	[STEP_NONE] = "none",
	[STEP_DUE] = "due",
	[STEP_SENDING] = "sending",
	[STEP_SENT] = "sent",
	[STEP_UNKNOWN] = "unknown",
};

const char *dispatch_way_word(enum dispatch_way way)
{
	return way_words[way];
}

const char *dispatch_step_word(enum dispatch_step step)
{
	return step_words[step];
}

/* --- as text --- */

static bool read_time(struct str *rest, int64_t *at)
{
	struct str word;

	return str_cut(rest, ' ', &word) && dispatch_weeks_time(word, at);
}

static bool read_step(struct str *rest, enum dispatch_step *step)
{
	struct str word;

	if (!str_cut(rest, ' ', &word))
		return false;
	for (int i = 0; i < STEPS; i++)
		if (str_eq(word, str_from(step_words[i]))) {
			*step = (enum dispatch_step)i;
			return true;
		}
	return false;
}

/* A row without them is of before they were kept: what was due a week before
 * is done, and with it all that was earlier. */
static bool read_weeks(struct str *rest, struct dispatch_state *s)
{
	bool kept = str_starts(*rest, str_from("@"));
	struct str word;

	for (int w = 0; w < DISPATCH_WAYS; w++) {
		if (!kept && s->due > WEEK)
			dispatch_weeks_add(
				&s->done[w], s->due - WEEK, s->due - WEEK);
		if (kept && (!str_cut(rest, ' ', &word) ||
				    !dispatch_weeks_parse(word, &s->done[w])))
			return false;
	}
	return true;
}

bool dispatch_state_parse(struct str text, struct dispatch_state *out)
{
	struct str rest = text;

	memset(out, 0, sizeof(*out));
	if (!read_time(&rest, &out->due) || !read_time(&rest, &out->until))
		return false;
	for (int w = 0; w < DISPATCH_WAYS; w++)
		if (!read_step(&rest, &out->steps[w]))
			return false;
	if (!read_weeks(&rest, out) || !rest.n ||
		rest.n >= sizeof(out->schedule))
		return false;
	memcpy(out->schedule, rest.p, rest.n);
	return true;
}

const char *dispatch_state_write(
	const struct dispatch_state *s, char buf[DISPATCH_TEXT])
{
	char done[DISPATCH_WAYS][DISPATCH_WEEKS_TEXT];

	for (int w = 0; w < DISPATCH_WAYS; w++)
		dispatch_weeks_write(&s->done[w], done[w]);
	snprintf(buf, DISPATCH_TEXT,
		"%" PRId64 " %" PRId64 " %s %s %s %s %s %s %s", s->due,
		s->until, step_words[s->steps[0]], step_words[s->steps[1]],
		step_words[s->steps[2]], done[0], done[1], done[2],
		s->schedule);
	return buf;
}

/* --- what is due --- */

bool dispatch_uses(const struct conf *conf, enum dispatch_way way)
{
	switch (way) {
	case DISPATCH_FOLDER:
		return conf->report.folder != NULL;
	case DISPATCH_COMMAND:
		return conf->report.command.n > 0;
	case DISPATCH_MAIL:
	default:
		return conf->report.to.n > 0;
	}
}

bool dispatch_is_on(const struct conf *conf)
{
	for (int w = 0; w < DISPATCH_WAYS; w++)
		if (dispatch_uses(conf, (enum dispatch_way)w))
			return true;
	return false;
}

/*
 * From the week of the row to another: what is not to be sent any more is done.
 * A beginning behind which all that is done lies ahead (see first_step()) is
 * one only when the week after it comes: else it was a look under a clock that
 * was wrong, which leaves no trace.
 */
static void leave(struct dispatch_state *s, int64_t due)
{
	bool next = due > s->due && due - s->due < WEEK + DISPATCH_APART;

	for (int w = 0; w < DISPATCH_WAYS; w++) {
		struct dispatch_weeks *done = &s->done[w];
		bool stray = s->steps[w] == STEP_NONE && done->n && !next &&
			     dispatch_weeks_lie_ahead(done, s->due);

		if (s->steps[w] != STEP_DUE && !stray)
			dispatch_weeks_add(done, s->due, s->due);
	}
}

/* The first look at this schedule: only what comes is due. What was due by the
 * one before and is not sent yet stays so, unless this one had its time since.
 */
static enum dispatch_look begin(
	bool has, int64_t due, int64_t now, struct dispatch_state *out)
{
	if (has && out->due >= due && out->due <= now)
		return LOOK_NOTED;
	if (has)
		leave(out, due);
	out->due = due;
	out->until = 0;
	memset(out->steps, 0, sizeof(out->steps));
	return LOOK_NOTED;
}

/*
 * Where all that is done lies ahead, either the clock is behind or it was ahead
 * from the first look on. Nothing of that time ever left, so it is as if this
 * was the first look: neither twice, nor silent for years.
 */
static enum dispatch_step first_step(const struct conf *conf,
	enum dispatch_way way, const struct dispatch_state *s)
{
	const struct dispatch_weeks *done = &s->done[way];

	if (!dispatch_uses(conf, way) || dispatch_weeks_has(done, s->due) ||
		dispatch_weeks_lie_ahead(done, s->due))
		return STEP_NONE;
	return STEP_DUE;
}

/* Whether the row is of another week. It may be later than what is due now
 * because the schedule was changed; but not later than now. */
static bool is_over(const struct dispatch_state *s, int64_t due, int64_t now)
{
	return due - s->due >= DISPATCH_APART ||
	       (s->due > now && s->due - due >= DISPATCH_APART);
}

static void begin_week(
	const struct conf *conf, int64_t due, struct dispatch_state *out)
{
	leave(out, due);
	out->due = due;
	for (int w = 0; w < DISPATCH_WAYS; w++)
		out->steps[w] = first_step(conf, (enum dispatch_way)w, out);
}

/* Nobody is at it any more: what was being sent when its process died. */
static bool settle(const struct conf *conf, struct dispatch_state *out)
{
	bool changed = false;

	for (int w = 0; w < DISPATCH_WAYS; w++) {
		enum dispatch_step *step = &out->steps[w];
		enum dispatch_step now = *step;

		if (now == STEP_SENDING)
			now = w == DISPATCH_FOLDER ? STEP_DUE : STEP_UNKNOWN;
		if (now == STEP_DUE &&
			!dispatch_uses(conf, (enum dispatch_way)w))
			now = STEP_NONE;
		changed = changed || now != *step;
		*step = now;
	}
	return changed;
}

enum dispatch_look dispatch_judge(const struct conf *conf, bool has,
	const struct dispatch_state *was, int64_t now,
	struct dispatch_state *out)
{
	struct schedule s = {conf->report.weekday, conf->report.hour};
	int64_t due = schedule_due(&s, now);
	bool changed;

	memset(out, 0, sizeof(*out));
	if (has)
		*out = *was;
	snprintf(out->schedule, sizeof(out->schedule), "%d %d %s", s.weekday,
		s.hour, conf->report.timezone);
	if (!has || strcmp(out->schedule, was->schedule) != 0)
		return begin(has, due, now, out);
	if (was->until > now && was->until <= now + LEASE)
		return LOOK_NOTHING;
	changed = settle(conf, out);
	if (is_over(out, due, now)) {
		begin_week(conf, due, out);
		changed = true;
	}
	out->until = 0;
	for (int w = 0; w < DISPATCH_WAYS; w++)
		if (out->steps[w] == STEP_DUE)
			out->until = now + LEASE;
	if (out->until)
		return LOOK_CLAIM;
	return changed ? LOOK_NOTED : LOOK_NOTHING;
}
