/*
 * Many phrases in one pass: an automaton after Aho and Corasick (1975), with
 * its edges in sorted lists. Built by conf/automaton.h, at build time for the
 * rules that are compiled in. Matching allocates only the list of hits, and
 * its time is linear in the text whatever the phrases.
 */
#ifndef MATCH_H
#define MATCH_H

#include <stdint.h>

#include "arena.h"
#include "str.h"

struct match {
	uint32_t states;
	const uint32_t *root;   /* 256: where the root goes on each byte */
	const uint32_t *first;  /* states + 1: edges of s are first[s].. */
	const uint8_t *byte;    /* of each edge, ascending within a state */
	const uint32_t *to;     /* where the edge leads */
	const uint32_t *fail;   /* longest proper suffix that is a prefix */
	const uint32_t *dict;   /* next state with a phrase on that way, or 0 */
	const uint16_t *phrase; /* 1 + the phrase that ends here, or 0 */
};

struct match_hit {
	uint32_t phrase;
	uint32_t end; /* offset behind its last byte */
};

struct match_hits {
	struct match_hit *v; /* ascending by end */
	size_t n;
};

#define MATCH_HITS_MAX 8192u

/*
 * All phrases of m in text, which must be folded (match_fold). At most
 * MATCH_HITS_MAX hits; more are left out.
 */
void match_scan(const struct match *m, struct arena *a, struct str text,
	struct match_hits *out);

/*
 * Fold UTF-8 text for matching: letters (ASCII, Latin-1, Greek, Cyrillic)
 * lower-case, white space of any length one space, every address (a token
 * around an '@') a single '@', so that "user <a@b.example> unknown" and
 * "user <@> unknown" are the same; the codes that begin the lines of a reply
 * are left out. at, when not NULL, receives for each
 * byte of text that begins a line its offset in the result; it must have room
 * for as many offsets as text has lines (match_lines).
 */
struct str match_fold(struct arena *a, struct str text, uint32_t *at);

/* Lines of text: one more than it has LFs. */
size_t match_lines(struct str text);

#endif
