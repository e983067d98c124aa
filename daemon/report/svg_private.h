/* What the files of svg.h share. */
#ifndef SVG_PRIVATE_H
#define SVG_PRIVATE_H

#include "svg.h"

#define SVG_MARK_FILL "class=\"mark\" fill=\"#c2410c\""

/* The attributes that give a series its colour. */
void svg_put_colour(struct out *o, size_t series);

/* With two digits behind the point, whatever the locale says of points. */
void svg_put_decimal(struct out *o, double v);

#endif
