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

/*
 * States in which the scan is nearly always have a row of edges, one for each
 * byte that stands in a phrase (its column) and one for all others. Such a wide
 * state is known by where its row begins, in wide; the others, narrow ones, by
 * wide_n and their place.
 */
struct match_narrow {
	uint32_t next; /* after byte */
	uint32_t fail; /* a wide state: where any other byte leads from there */
	uint16_t column; /* of byte; MATCH_COLUMNS: there is none */
	bool hit;        /* a phrase ends here */
};

#define MATCH_COLUMNS    256u
#define MATCH_STATES_MAX (1u << 24)

struct match {
	uint32_t states;
	uint32_t columns;
	const uint8_t *column; /* of each byte; the commonest stand first */
	/* The last of the wide states, from hit_from on, end a phrase. */
	uint32_t hit_from, wide_n;
	const uint32_t *wide;
	const struct match_narrow *narrow;
	/* Asked only at a hit, by number (match_state): */
	const uint32_t *dict;   /* next one with a phrase on that way, or 0 */
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
