/*
 * A secret is asked for before each login and forgotten right after it: a
 * password that was changed needs no restart, and a dump of an idle daemon
 * holds none that came from a file or a program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "secret.h"

#define COMMAND_LIMIT_MS 30000

/* The leak checker of a sanitized build debugs its own process. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

int secret_init(struct secret *s)
{
	s->size = 2 * RUNNER_LINE_MAX;
	s->text = mmap(NULL, s->size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->text == MAP_FAILED) {
		s->text = NULL;
		return -1;
	}
	/* Both are the best that can be had: limits may forbid them. */
	(void)mlock(s->text, s->size);
	(void)madvise(s->text, s->size, MADV_DONTDUMP);
	return 0;
}

void secret_clear(struct secret *s)
{
	if (s->text)
		explicit_bzero(s->text, s->size);
}

void secret_release(struct secret *s)
{
	secret_clear(s);
	if (s->text)
		munmap(s->text, s->size);
	s->text = NULL;
}

void secret_protect_process(void)
{
	struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
#ifndef IS_SANITIZED
	(void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int keep_first_line(
	struct secret *s, size_t n, const char *path, char *why, size_t why_n)
{
	char *end = memchr(s->text, '\n', n);
	const char *problem = NULL;

	if (end)
		n = (size_t)(end - s->text);
	if (n > 0 && s->text[n - 1] == '\r')
		n--;
	if (n == 0)
		problem = "its first line is empty";
	else if (n > RUNNER_LINE_MAX)
		problem = "its first line is longer than 4096 bytes";
	else if (memchr(s->text, '\0', n))
		problem = "it holds a NUL byte";
	s->text[n] = '\0';
	if (!problem)
		return 0;
	snprintf(why, why_n, "no secret in '%s': %s", path, problem);
	return -1;
}

static int read_file(
	struct secret *s, const char *path, char *why, size_t why_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t n = 0;
	ssize_t k = fd < 0 ? -1 : 1;

	while (k > 0 && n < s->size - 1) {
		k = read(fd, s->text + n, s->size - 1 - n);
		if (k > 0)
			n += (size_t)k;
	}
	if (k < 0)
		snprintf(why, why_n, "unable to read '%s': %s", path,
			strerror(errno));
	if (fd >= 0)
		close(fd);
	return k < 0 ? -1 : keep_first_line(s, n, path, why, why_n);
}

static int run_command(struct secret *s, const struct conf_list *command,
	struct runner *runner, struct wake *wake, char *why, size_t why_n)
{
	struct runner_job job = {
		.argv = command->v,
		.argc = command->n,
		.limit_ms = COMMAND_LIMIT_MS,
		.wake = wake,
		.line = s->text,
		.line_n = s->size,
		.why = why,
		.why_n = why_n,
	};

	return runner_run(runner, &job);
}

int secret_needs_runner(const struct conf_account *a)
{
	return a->password_command.n > 0 || a->token_command.n > 0;
}

int secret_get(struct secret *s, const struct conf_account *a,
	struct runner *runner, struct wake *wake, char *why, size_t why_n)
{
	const char *file = a->token_file ? a->token_file : a->password_file;
	const struct conf_list *command =
		a->token_command.n ? &a->token_command : &a->password_command;

	if (command->n)
		return run_command(s, command, runner, wake, why, why_n);
	if (file)
		return read_file(s, file, why, why_n);
	if (a->password && strlen(a->password) <= RUNNER_LINE_MAX) {
		snprintf(s->text, s->size, "%s", a->password);
		return 0;
	}
	snprintf(why, why_n, "the account '%s' has no secret", a->name);
	return -1;
}
