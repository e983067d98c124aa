/*
 * HTML to plain text, as far as reading a bounce needs it: tags go, blocks and
 * table cells become lines, entities characters. One pass, no tree, so that
 * nesting costs nothing.
 */
#ifndef HTML_H
#define HTML_H

#include "arena.h"
#include "str.h"

/* Never longer than html; absent when there is no memory. */
struct str html_text(struct arena *a, struct str html);

#endif
