/* Types of values that are words or begin with one (a part of value.c). */
#ifndef VALUE_WORD_H
#define VALUE_WORD_H

#include "value.h"

void value_read_word(const struct value *v, void *field);
void value_write_word(const char *range, const void *field, FILE *f);
void value_read_bool(const struct value *v, void *field);
void value_write_bool(const char *range, const void *field, FILE *f);
void value_read_action(const struct value *v, void *field);
void value_write_action(const char *range, const void *field, FILE *f);

/* The place of node's text in v's range, "a|b|c"; -1: reported. */
int value_word(const struct value *v, const struct tree_node *node);

#endif
