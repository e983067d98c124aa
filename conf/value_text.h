/* Types of values that are text, or lists of text (a part of value.c). */
#ifndef VALUE_TEXT_H
#define VALUE_TEXT_H

#include "value.h"

void value_read_text(const struct value *v, void *field);
void value_write_text(const char *range, const void *field, FILE *f);
void value_write_secret(const char *range, const void *field, FILE *f);
void value_read_list(const struct value *v, void *field);
void value_read_command(const struct value *v, void *field);
void value_write_list(const char *range, const void *field, FILE *f);

#endif
