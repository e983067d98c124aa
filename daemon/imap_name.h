/*
 * Folder names on the wire (RFC 3501 5.1.3). Pure.
 */
#ifndef IMAP_NAME_H
#define IMAP_NAME_H

#include <stddef.h>
#include <stdint.h>

/*
 * name (UTF-8, '/' between levels) in modified UTF-7, with the server's
 * delimiter and below prefix unless it begins with it already or is INBOX.
 * 0, or -1 when it does not fit or name is no UTF-8.
 */
int imap_name_write(const char *name, const char *prefix, char delimiter,
	char *out, size_t n) __attribute__((warn_unused_result));

/* name as a quoted string. -1: does not fit, or has CR or LF. */
int imap_name_quote(const char *name, char *out, size_t n)
	__attribute__((warn_unused_result));

#endif
