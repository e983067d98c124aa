/*
 * Rule files of a user: YAML, their checks, the automaton, and judging a mail
 * by what was accepted.
 */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "ruleset.h"

static const char mail[] =
	"Return-Path: <>\n"
	"From: MAILER-DAEMON@mx.example.org\n"
	"Subject: failure notice\n"
	"\n"
	"I could not deliver your message to the following address:\n"
	"\n"
	"<a@b.example>:\n"
	"host mx.example.net said: 550 5.1.1 aaaa bbbb no such user here;\n"
	"mailbox full, blocked (in reply to RCPT TO command)\n";

/* A file that holds data, and its path. */
static int make_file(const uint8_t *data, size_t n, char path[64])
{
	int fd = memfd_create("rules", MFD_CLOEXEC);

	CHECK(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void judge(const struct rules *rules)
{
	struct harness *h = fuzz_harness();
	struct verdict_list list;

	h->context.user_rules = rules;
	harness_judge(h, str_of(mail, sizeof(mail) - 1), &list);
	CHECK(list.n == 1);
	CHECK(str_ieqz(list.v[0].recipient, "a@b.example"));
	h->context.user_rules = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct conf_mistakes m = {0};
	struct ruleset *set = ruleset_new();
	const struct rules *rules;
	char path[64];
	int fd = make_file(data, n, path);

	CHECK(set);
	if (ruleset_add(set, path, &m) == 0 && ruleset_finish(set) == 0) {
		rules = ruleset_rules(set);
		PLANT(rules->rules_n && (rules->rules[0].rank == 3 ||
						rules->rules[0].rank == 4 ||
						rules->rules[0].rank > 6));
		judge(rules);
	} else {
		CHECK(m.n > 0);
	}
	mistake_sort(&m);
	for (size_t i = 0; i < m.n; i++)
		CHECK(m.v[i].text && *m.v[i].text);
	conf_mistakes_release(&m);
	ruleset_free(set);
	close(fd);
	return 0;
}
