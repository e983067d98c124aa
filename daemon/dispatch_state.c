/*
 * What is due, and whose it is: without a clock, a database or a program, so
 * that a test can try each case.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dispatch.h"
#include "schedule.h"

#define DAY   86400
#define LEASE 600
/* No two times due are nearer, unless the schedule was changed between. */
#define APART (20 * 3600)
/* What lies further ahead was written when the clock was wrong. */
#define AHEAD (8 * DAY)

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

static bool read_number(struct str *rest, int64_t *n)
{
	struct str word;

	if (!str_cut(rest, ' ', &word) || !word.n)
		return false;
	*n = 0;
	for (size_t i = 0; i < word.n; i++) {
		if (!ascii_is_digit((unsigned char)word.p[i]) || i > 17)
			return false;
		*n = *n * 10 + word.p[i] - '0';
	}
	return true;
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

bool dispatch_state_parse(struct str text, struct dispatch_state *out)
{
	struct str rest = text;

	memset(out, 0, sizeof(*out));
	if (!read_number(&rest, &out->due) || !read_number(&rest, &out->until))
		return false;
	for (int w = 0; w < DISPATCH_WAYS; w++)
		if (!read_step(&rest, &out->steps[w]))
			return false;
	if (!rest.n || rest.n >= sizeof(out->schedule))
		return false;
	memcpy(out->schedule, rest.p, rest.n);
	return true;
}

const char *dispatch_state_write(
	const struct dispatch_state *s, char buf[DISPATCH_TEXT])
{
	snprintf(buf, DISPATCH_TEXT, "%" PRId64 " %" PRId64 " %s %s %s %s",
		s->due, s->until, step_words[s->steps[0]],
		step_words[s->steps[1]], step_words[s->steps[2]], s->schedule);
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

/* The first look at this schedule: only what comes is due. What was due by the
 * one before and is not sent yet stays so, unless this one had its time since.
 */
static enum dispatch_look begin(const struct dispatch_state *was, bool usable,
	int64_t due, struct dispatch_state *out)
{
	if (usable && was->due >= due)
		return LOOK_NOTED;
	out->due = due;
	out->until = 0;
	memset(out->steps, 0, sizeof(out->steps));
	return LOOK_NOTED;
}

static void begin_week(
	const struct conf *conf, int64_t due, struct dispatch_state *out)
{
	out->due = due;
	for (int w = 0; w < DISPATCH_WAYS; w++)
		out->steps[w] = dispatch_uses(conf, (enum dispatch_way)w)
					? STEP_DUE
					: STEP_NONE;
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
	bool usable = has && was->due <= now + AHEAD, changed;

	memset(out, 0, sizeof(*out));
	if (usable)
		*out = *was;
	snprintf(out->schedule, sizeof(out->schedule), "%d %d %s", s.weekday,
		s.hour, conf->report.timezone);
	if (!usable || strcmp(out->schedule, was->schedule) != 0)
		return begin(was, usable, due, out);
	if (was->until > now && was->until <= now + LEASE)
		return LOOK_NOTHING;
	changed = settle(conf, out);
	if (due - was->due >= APART) {
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
