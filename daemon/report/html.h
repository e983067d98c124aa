/*
 * A document (document.h) as one HTML file: no script, nothing from elsewhere.
 * What came by mail is text in it, never markup and never a link.
 */
#ifndef HTML_H
#define HTML_H

#include "document.h"
#include "out.h"

void html_document(const struct document *d, struct out *o);

#endif
