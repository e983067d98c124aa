/*
 * The guard before libetpan's parser: a state machine over the bytes that the
 * server sends (RFC 3501 section 9). It knows lines, quoted strings and
 * literals, and refuses what would hang, crash or bloat the parser: no byte
 * of a refused answer may reach it.
 *
 * Pure: bytes in, a verdict out. A refusal is final; guard_why() tells it.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUARD_LINE_MAX 1048576u /* bytes of a response, without literals */
#define GUARD_DEPTH    64u      /* open parentheses */
#define GUARD_LINES    100000u  /* responses of an answer, FETCH not counted */
#define GUARD_HEAD     192u

/* Called at the end of each line: how it begins, white space collapsed. */
typedef void guard_line_fn(void *arg, const char *head, size_t n);

enum guard_state {
	GUARD_PLAIN,
	GUARD_QUOTED,
	GUARD_ESCAPE,  /* after a backslash in a quoted string */
	GUARD_SIZE,    /* {123 */
	GUARD_SIZE_CR, /* {123} */
	GUARD_SIZE_LF, /* {123}\r */
	GUARD_LITERAL,
	GUARD_FLAGS,      /* in the list of PERMANENTFLAGS */
	GUARD_FLAGS_MARK, /* after the backslash of a flag */
};

struct guard {
	uint64_t bytes_max, literal_max;
	enum guard_state state;
	uint64_t bytes, size; /* of this answer; of the literal */
	size_t line;
	unsigned depth, lines, digits;
	bool text;       /* this line ends in free text, it holds no literal */
	bool classed;    /* text is known */
	bool greeted;    /* the first line is over */
	bool namespaces; /* set from outside: NAMESPACE is read by hand */
	bool refused;
	char head[GUARD_HEAD];
	size_t head_n;
	char last; /* the byte before, for "]\r\n" and the like */
	guard_line_fn *fn;
	void *arg;
	char why[128];
};

void guard_init(struct guard *g, guard_line_fn *fn, void *arg);

/* A new answer is expected: at most bytes of it, no literal above literal. */
void guard_begin(struct guard *g, uint64_t bytes, uint64_t literal);

/* The next n bytes. -1: refused, from now on. */
int guard_feed(struct guard *g, const char *p, size_t n)
	__attribute__((warn_unused_result));

/* Why it refused, for the log; "" when it did not. */
const char *guard_why(const struct guard *g);

/*
 * Whether a line that begins like this ends in free text: status responses,
 * tagged or not, and continuation requests. All others are data, where
 * {n} announces a literal. head: white space collapsed, none at its start.
 */
bool guard_is_text(const char *head, size_t n);

#endif
