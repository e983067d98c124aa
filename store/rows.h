/*
 * Rows of one read, kept in memory until its statement is left: callbacks run
 * outside of every transaction (query.h). The items are of one type; they and
 * their strings live until the next rows_reset().
 */
#ifndef ROWS_H
#define ROWS_H

#include "arena.h"
#include "db.h"
#include "str.h"

#define ROWS_PAGE 256 /* of what is read in pages */

struct rows {
	struct arena arena;
	void *items;
	size_t n, cap, size;
};

void rows_init(struct rows *r, size_t item_size);
void rows_reset(struct rows *r);
void rows_release(struct rows *r);

/* A zeroed item at the end. NULL: out of memory. */
void *rows_add(struct rows *r);

/* A copy; an empty string becomes absent. Absent also when out of memory:
 * rows_check() after the last row. */
struct str rows_text(struct rows *r, struct str s);

/* 0, or -1 with the error of db when there was no memory for all. */
int rows_check(const struct rows *r, struct db *db)
	__attribute__((warn_unused_result));

#endif
