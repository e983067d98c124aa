/*
 * Passwords and tokens on their way from where they are kept to the server.
 */
#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

#include "conf.h"
#include "runner.h"

/* A secret in pages that are (as far as allowed) never swapped or dumped. */
struct secret {
	char *text; /* NUL-terminated; "" when there is none */
	size_t size;
};

/* -1: out of memory. */
int secret_init(struct secret *s) __attribute__((warn_unused_result));
void secret_clear(struct secret *s);
void secret_release(struct secret *s);

/*
 * Get the secret of an account from where its configuration says, anew: the
 * first line of a file or of what a program prints. -1: why tells it.
 */
int secret_get(struct secret *s, const struct conf_account *account,
	struct runner *runner, struct wake *wake, char *why, size_t why_n)
	__attribute__((warn_unused_result));

/* Whether getting it runs a program. */
int secret_needs_runner(const struct conf_account *account);

/* No core dump and no debugger of this process shows a secret. */
void secret_protect_process(void);

#endif
