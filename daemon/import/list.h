/*
 * Suppression lists of sending platforms. They are no events: "do not mail"
 * counts also without evidence, with the cause `import` (ledger_listed.h); but
 * what an entry's own words say is no reason to, soft bounces and blocks, does
 * not.
 *
 * A shape is what a file of a platform looks like, as a table: the names of its
 * columns or keys, by which it is known, and what its words mean.
 */
#ifndef IMPORT_LIST_H
#define IMPORT_LIST_H

#include "import.h"
#include "json_rows.h"
#include "ledger_listed.h"
#include "lines.h"

enum list_field {
	LIST_ADDRESS,
	LIST_WORD,   /* why it is listed, a word of the platform */
	LIST_CODE,   /* "550" */
	LIST_STATUS, /* "5.1.1" */
	LIST_TEXT,   /* the reply */
	LIST_AT,
	LIST_EXPIRES,
	LIST_SCOPE, /* ours */
	/* Whether it is suppressed there: */
	LIST_STATE,    /* by the shape, or a column `state` of anybody's */
	LIST_STANDING, /* a column `status` that is none of the shape's */
	LIST_TYPE,     /* in lists of unknown origin: may say it, too */
	LIST_FIELDS
};

enum list_meaning {
	MEANS_BOUNCE,      /* a hard bounce, even where no text says so */
	MEANS_REFUSAL,     /* a bounce or a block: the text has to tell */
	MEANS_INVALID,     /* a hard bounce; address-invalid without a text */
	MEANS_SOFT,        /* a soft bounce: never suppresses */
	MEANS_COMPLAINT,   /* somebody called it spam */
	MEANS_UNSUBSCRIBE, /* somebody opted out */
	MEANS_MANUAL,      /* put there by hand, or nobody tells why */
	MEANS_MAILABLE,    /* it may be mailed */
	MEANS_OURS,        /* the word is one of our reasons */
	MEANS_UNKNOWN,     /* no word of this platform: a mistake */
};

struct list_word {
	const char *word; /* letters are folded; NULL: the end */
	enum list_meaning means;
};

/* What is special in a shape; key says more of NEEDS_STATE, NEEDS_LIST and
 * LACKS. */
enum list_flag {
	NEEDS_WORD = 1,  /* without a word it is a mistake */
	NAMED_ONLY = 2,  /* known by too little: only where it is asked for */
	GUARDED = 4,     /* ' stands before = + - @, see print_csv() */
	NEEDS_STATE = 8, /* only what is in `key` is suppressed there */
	NEEDS_LIST = 16, /* the list in JSON is called `key` */
	LACKS = 32,      /* no list of this kind has the columns `key` */
	ONLY = 64,       /* it has no other names than these */
	ANYBODYS = 128,  /* known by nothing: the last one */
};

/* A row of list_shapes.def, which says what they are. */
struct list_shape {
	const char *platform;
	const char *what; /* for people: "bounces" */
	const char *names;
	const struct list_word *words;
	enum list_meaning otherwise; /* without a word */
	unsigned flags;
	const char *key;
};

/* One of its names; of those of one field the first that is there counts. */
struct list_name {
	struct str name;
	enum list_field field; /* LIST_FIELDS: we do not read it */
	bool sign;             /* the shape is known by it */
};

bool list_name_next(struct str *rest, struct list_name *out);

/* The names that a file has: of its columns, or keys of its first record. */
struct list_names {
	const struct str *v;
	size_t n;
	bool exact;      /* JSON: letters are not folded */
	struct str list; /* the key of its list; absent: none */
};

/* The shape of a file; platform NULL: of any. NULL: none is like that. */
const struct list_shape *list_recognize(
	const struct list_names *names, const char *platform);

/* A column that tells row by row who may be mailed, which no list of unknown
 * origin has: we do not know which of its words is the yes. Absent: none. */
struct str list_stranger(const struct list_names *names);

/* Without names: by the fields of its first line. */
const struct list_shape *list_recognize_bare(
	const struct str *field, size_t n, const char *platform);

/* The columns of a shape without names: the i-th field. */
enum list_field list_bare_field(const struct list_shape *s, size_t i);

/* What a file of this platform looks like, for people: "address, code"; buf
 * gets it. */
const char *list_looks(const char *platform, char *buf, size_t size);

enum list_meaning list_meaning(const struct list_shape *s, struct str word);

/* What a column about the address itself says, in anybody's list.
 * MEANS_UNKNOWN: no word that we know. */
enum list_meaning list_standing(struct str word);

/* Columns that count in every shape that has no such of its own. */
#define LIST_STANDINGS "state>state,status>standing"

/* --- rows --- */

struct list_row {
	uint64_t line;
	uint64_t record; /* of JSON; 0: the line tells */
	bool stray;      /* text follows the quote that ends the address */
	struct str field[LIST_FIELDS];
};

enum list_kind {
	LIST_CSV,
	LIST_CSV_BARE, /* without a head */
	LIST_JSON,
	LIST_LINES, /* an address a line */
};

#define LIST_NAMES 48 /* of a shape, at most */

/* A file on its way. */
struct list_source {
	struct import *i;
	const struct list_shape *shape;
	enum list_kind kind;
	struct csv csv;
	struct json_rows json;
	struct list_name names[LIST_NAMES]; /* of the shape */
	size_t names_n;
	int at[LIST_FIELDS]; /* columns */
	bool pending;        /* the first row is at hand */
	struct str look;     /* the beginning of the file, while it is opened */
	struct lines lines;
};

/*
 * Find out what i->file is, and say so; platform NULL: any. 1; 0: it is none,
 * which was told as a mistake; -1: it cannot be read, told, too. To be released
 * in any case.
 */
int list_open(struct list_source *s, struct import *i, const char *platform);
void list_release(struct list_source *s);

/* The next row; mistakes are told and passed over. 1, 0 at the end, -1. */
int list_next(struct list_source *s, struct list_row *row);

/* Tell what is wrong with a row. */
void list_mistake(struct import *i, const struct list_row *row,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* --- what becomes of them --- */

/* What a row says, as we understand it. */
enum list_verdict {
	LIST_SUPPRESSES,
	LIST_SOFT,    /* a soft bounce */
	LIST_BLOCK,   /* about the sender or the message */
	LIST_UNCLEAR, /* a refusal whose text does not tell */
	LIST_OVER,    /* policy ends such a suppression, and has */
	LIST_GOOD,    /* it was delivered, or may be mailed */
	LIST_UNKNOWN, /* nobody knows what its status means */
	LIST_MISTAKE, /* no word that is known */
};

struct list_sense {
	enum list_verdict verdict;
	enum verdict_reason reason;
	int64_t expires_at; /* the sooner of the list's and our policy's */
	bool bounce;
	struct str provider, rule, evidence; /* of the judge; may be absent */
};

struct list_judge {
	struct verdict_context context;
	const struct policy_settings *policy;
	int64_t now;
};

/* A row to be judged. */
struct list_case {
	const struct list_shape *shape;
	const struct list_row *row;
	struct str domain;  /* of its address */
	int64_t at;         /* when it was listed; 0: not known */
	int64_t expires_at; /* as the list says; 0: never */
};

/* Strings live in a. */
struct list_sense list_judge(
	const struct list_judge *j, struct arena *a, const struct list_case *c);

/* --- the account (list_tell.c) --- */

/* What became of a row, behind enum listed_fate. */
enum list_outcome {
	LIST_OUT_OWN = LISTED_FATES, /* own: */
	LIST_OUT_NEVER,              /* never_suppress: */
	LIST_OUT_SOFT,
	LIST_OUT_BLOCK,
	LIST_OUT_UNCLEAR,
	LIST_OUT_OVER,  /* by our policy */
	LIST_OUT_ENDED, /* by its own expiry */
	LIST_OUT_STATE, /* it is not suppressed there */
	LIST_OUT_UNKNOWN,
	LIST_OUTCOMES
};

struct list_told {
	uint64_t line;
	struct str address;
	unsigned outcome; /* enum listed_fate or list_outcome */
	enum verdict_reason reason;
	int64_t at, incident_id; /* of what stands against it */
};

/* The head of what is printed. */
void list_begin(struct import *i);

/* Count it, and print a row where a person should look at it. */
void list_tell(struct import *i, const struct list_told *t);

/* What all files came to, on stderr. */
void list_summary(const struct import *i);

/* The run() of all formats that are lists. */
int list_run(struct import *i);

#endif
