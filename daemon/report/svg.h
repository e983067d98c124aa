/*
 * Pictures of a document (document.h) as SVG inside HTML. Widths are in percent
 * of what the page has, heights and letters in pixels: the same picture is read
 * on a telephone and on paper.
 *
 * Colours are attributes, which the style of html.css overrides in the dark; a
 * mail client without styles shows the light ones.
 */
#ifndef SVG_H
#define SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "document.h"
#include "out.h"

/* The values as bars, oldest first; the last one stands out. */
void svg_sparkline(struct out *o, const int64_t *values, size_t n);

/* A picture of upright bars (not PICTURE_SHARES) with its axes; id makes its
 * names in the page its own. */
void svg_bars(struct out *o, const struct document_picture *p, size_t id);

/* One bar to the right, part/whole of the width. */
void svg_share(struct out *o, double part, double whole);

/* The square before the name of a series in a legend; SVG_MARK: before what is
 * marked. */
#define SVG_MARK ((size_t)-1)
void svg_key(struct out *o, size_t series);

/* Whether a picture has something to show: a value that is not 0. */
bool svg_has_bars(const struct document_picture *p);

/* "9,999", "12 k", "1.2 M", "3 bn": as short as an axis needs it. */
#define SVG_SHORT 48
const char *svg_short(char buf[SVG_SHORT], int64_t n);

#endif
