/*
 * Text from a file on its way to a person: what could steer a terminal or
 * mislead the eye is not shown as it is.
 */
#ifndef QUOTE_H
#define QUOTE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Take one code point off *p, which ends with NUL and is UTF-8; a byte that
 * is not gives U+FFFD. */
uint32_t quote_next(const char **p);

/* C0, DEL, C1, and what turns the direction of text or has no width. */
bool quote_is_unsafe(uint32_t c);

/* Replace what is unsafe, and what is not UTF-8, by '?', in place. */
void quote_clean(char *text);

/* Write text as a YAML scalar, in double quotes where it needs them. */
void quote_yaml(const char *text, FILE *f);

#endif
