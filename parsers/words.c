/*
 * The words of words.def, looked up by number and by word. Everything that is
 * stored or shown goes through here, so that a class is never spelt twice.
 */
#include "words.h"

static const char *const class_words[CLASS_COUNT] = {
#define CLASS(number, NAME, word) [number] = word,
#include "words.def"
};

static const struct reason_row {
	const char *word;
	enum verdict_class class;
} reason_rows[REASON_COUNT] = {

#define REASON(number, NAME, word, CLASS_NAME)                                 \
	[number] = {word, CLASS_##CLASS_NAME},
#include "words.def"
};

const char *class_word(enum verdict_class c)
{
	return (unsigned)c < CLASS_COUNT ? class_words[c] : "?";
}

static const struct reason_row *reason_row(enum verdict_reason r)
{
	if ((unsigned)r >= REASON_COUNT || !reason_rows[r].word)
		return NULL;
	return &reason_rows[r];
}

const char *reason_word(enum verdict_reason r)
{
	const struct reason_row *row = reason_row(r);

	return row ? row->word : "?";
}

enum verdict_class reason_class(enum verdict_reason r)
{
	const struct reason_row *row = reason_row(r);

	return row ? row->class : CLASS_NONE;
}

int class_from_word(struct str word)
{
	for (int i = 0; i < CLASS_COUNT; i++)
		if (str_eq(word, str_from(class_words[i])))
			return i;
	return -1;
}

int reason_from_word(struct str word)
{
	for (int i = 0; i < REASON_COUNT; i++)
		if (reason_rows[i].word &&
			str_eq(word, str_from(reason_rows[i].word)))
			return i;
	return -1;
}
