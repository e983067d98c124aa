/* The weeks as a database, for the report itself. */
#ifndef HOUSE_H
#define HOUSE_H

#include <stdint.h>

#include <sqlite3.h>

#include "db.h"

#define DOMAINS   200
#define STREAMS   20
#define PROVIDERS 9 /* the last: none */
#define REASONS   12
#define MONDAY    INT64_C(20451)
#define DAY       86400

struct house {
	char path[64];
	struct db *db;
	sqlite3_stmt *event, *address, *daily, *sent;
	int64_t number[7], people;
	int64_t counts[7][REASONS][PROVIDERS][STREAMS];
};

/* What a bounce is; numbers from 0. */
struct house_bounce {
	int day, domain, provider, stream, reason;
};

void house_begin(struct house *h);
void house_event(struct house *h, int week, struct house_bounce b);
void house_week(struct house *h, int week); /* is over */

/* On the Monday. stream -1: of all. */
void house_sent(struct house *h, int week, int stream, double n);

/* All is there: h->db can be read. */
void house_ready(struct house *h);
void house_end(struct house *h);

void house_domain_name(int d, char name[32]);

#endif
