/* Types of values that are numbers and times (a part of value.c). */
#ifndef VALUE_NUMBER_H
#define VALUE_NUMBER_H

#include "value.h"

void value_read_int(const struct value *v, void *field);
void value_write_int(const char *range, const void *field, FILE *f);
void value_read_duration(const struct value *v, void *field);
void value_write_duration(const char *range, const void *field, FILE *f);

#endif
