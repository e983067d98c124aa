/*
 * Many phrases in one pass: an automaton after Aho and Corasick (1975). Built
 * by conf/automaton.h, at build time for the rules that are compiled in.
 * Matching allocates only the list of hits, and its time is linear in the text
 * whatever the phrases.
 */
#ifndef MATCH_H
#define MATCH_H

#include <stdint.h>

#include "arena.h"
#include "str.h"

/* An edge: byte << 24 | state, with MATCH_HIT where a phrase ends in it. */
#define MATCH_HIT        (1u << 23)
#define MATCH_STATES_MAX MATCH_HIT

struct match_state {
	uint32_t first; /* its edges; the next state's first is their end */
	uint32_t fail;  /* longest proper suffix that is a prefix */
};

struct match {
	uint32_t states;
	/*
	 * Where most texts are most of the time: near the root (which is 0),
	 * and where ways part. These states, the first ones, have a row of 256
	 * edges that are followed without a look at failures.
	 */
	uint32_t wide_n;
	const uint32_t *wide;
	const struct match_state *state; /* of the others, and one more */
	const uint32_t *edge;            /* ascending within a state */
	/* Asked only at a hit: */
	const uint32_t *dict;   /* next state with a phrase on that way, or 0 */
	const uint16_t *phrase; /* 1 + the phrase that ends here, or 0 */
};

struct match_hit {
	uint32_t phrase;
	uint32_t end; /* offset behind its last byte */
};

/* Zeroed: nothing was scanned yet. */
struct match_hits {
	struct match_hit *v; /* ascending by end */
	size_t n, cap;
	size_t at;      /* how much of the text was scanned */
	uint32_t state; /* and where that led to */
};

#define MATCH_HITS_MAX 8192u

/*
 * Add all phrases of m in text, which must be folded (match_fold), from
 * hits->at to its end. At most MATCH_HITS_MAX hits; more are left out.
 */
void match_scan(const struct match *m, struct arena *a, struct str text,
	struct match_hits *hits);

/*
 * Fold UTF-8 text for matching: letters (ASCII, Latin-1, Greek, Cyrillic)
 * lower-case, white space of any length one space, every address (a token
 * around an '@') a single '@', so that "user <a@b.example> unknown" and
 * "user <@> unknown" are the same; the codes that begin the lines of a reply
 * are left out. Absent when there is no memory.
 */
struct str match_fold(struct arena *a, struct str text);

/*
 * The same for a piece of text that ends with a line: written to to, which
 * has room for piece.n bytes. Folded pieces side by side are the folded text.
 */
size_t match_fold_piece(char *to, struct str piece);

#endif
