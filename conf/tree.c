/*
 * libyaml gives events; this makes a tree of them that remembers lines, for
 * the loaders of the configuration and of rules. It is strict where YAML is
 * generous, because what a person did not mean should not load: two equal
 * keys, anchors and aliases (an unquoted '*'), tags (an unquoted '!'), a
 * second document. It is bounded, and it keeps its own stack: no file can
 * make it recurse.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <yaml.h>

#include "tree.h"

/* The nodes and the text of the largest file that is accepted. */
#define TREE_MEMORY_MAX (32u << 20)

/* A list or map that is still open. */
struct level {
	struct tree_node *node, *last;
	struct str key; /* of a map: read, and its value is next */
	unsigned key_line;
};

struct builder {
	struct tree *tree;
	struct conf_mistakes *mistakes;
	const char *p; /* the file */
	size_t n;
	struct level stack[TREE_DEPTH_MAX];
	size_t depth;
	size_t nodes;
	size_t documents;
	bool stop; /* reported; there will be no tree */
};

static void stop(struct builder *b, unsigned line, const char *why)
{
	mistake_add(b->mistakes, line, "%s", why);
	b->stop = true;
}

static unsigned line_of(const yaml_event_t *e)
{
	return (unsigned)e->start_mark.line + 1;
}

static struct tree_node *new_node(
	struct builder *b, enum tree_kind kind, unsigned line)
{
	struct tree_node *node;

	if (++b->nodes > TREE_NODES_MAX) {
		stop(b, line, "too many entries: at most 100000 are read");
		return NULL;
	}
	node = arena_zalloc(&b->tree->arena, 1, sizeof(*node));
	if (!node) {
		stop(b, line, "out of memory");
		return NULL;
	}
	node->kind = kind;
	node->line = line;
	node->number = (unsigned)b->nodes;
	return node;
}

/* Hang node where the next value belongs. */
static void attach(struct builder *b, struct tree_node *node)
{
	struct level *top;

	if (b->depth == 0) {
		b->tree->root = node;
		return;
	}
	top = &b->stack[b->depth - 1];
	node->key = top->key;
	node->key_line = top->key_line;
	top->key = STR_NULL;
	if (top->last)
		top->last->next = node;
	else
		top->node->first = node;
	top->last = node;
	top->node->n++;
}

static bool wants_key(const struct builder *b)
{
	const struct level *top;

	if (b->depth == 0)
		return false;
	top = &b->stack[b->depth - 1];
	return top->node->kind == TREE_MAP && !top->key.p;
}

static void open_level(struct builder *b, enum tree_kind kind, unsigned line)
{
	struct tree_node *node;

	if (wants_key(b)) {
		stop(b, line,
			"a key must be a single word, not a list or a "
			"mapping (quote text that begins with '[' or "
			"'{')");
		return;
	}
	if (b->depth == TREE_DEPTH_MAX) {
		stop(b, line, "nested too deep: at most 16 levels are read");
		return;
	}
	node = new_node(b, kind, line);
	if (!node)
		return;
	attach(b, node);
	b->stack[b->depth++] = (struct level){.node = node};
}

static int by_key(const void *left, const void *right)
{
	const struct tree_node *const *a = left, *const *b = right;
	int order = str_cmp((*a)->key, (*b)->key);

	if (order)
		return order;
	return (*a)->number < (*b)->number ? -1 : 1;
}

/* Sorted, so that a file of 100,000 keys costs no 10^10 comparisons. */
static void report_duplicates(struct builder *b, struct tree_node *map)
{
	struct tree_node **sorted, *node;
	size_t i = 0, first = 0;

	if (map->n < 2)
		return;
	sorted = calloc(map->n, sizeof(struct tree_node *));
	if (!sorted) {
		stop(b, map->line, "out of memory");
		return;
	}
	for (node = map->first; node; node = node->next)
		sorted[i++] = node;
	qsort(sorted, map->n, sizeof(struct tree_node *), by_key);
	for (i = 1; i < map->n; i++) {
		if (!str_eq(sorted[i]->key, sorted[first]->key)) {
			first = i;
			continue;
		}
		sorted[i]->bad = true;
		mistake_add(b->mistakes, sorted[i]->key_line,
			"duplicate key '" STR_FMT "': already on line %u",
			STR_ARG(sorted[i]->key), sorted[first]->key_line);
	}
	free(sorted);
}

static void close_level(struct builder *b)
{
	struct tree_node *node = b->stack[--b->depth].node;

	if (node->kind == TREE_MAP)
		report_duplicates(b, node);
}

static void add_key(struct builder *b, struct str text, unsigned line)
{
	struct level *top = &b->stack[b->depth - 1];

	if (++b->nodes > TREE_NODES_MAX) {
		stop(b, line, "too many entries: at most 100000 are read");
		return;
	}
	top->key = text;
	top->key_line = line;
}

static void add_scalar(struct builder *b, const yaml_event_t *e)
{
	struct str bytes, text;
	struct tree_node *node;
	unsigned line = line_of(e);
	char *copy;

	bytes = str_of(
		(const char *)e->data.scalar.value, e->data.scalar.length);
	copy = arena_alloc(&b->tree->arena, bytes.n + 1);
	if (!copy) {
		stop(b, line, "out of memory");
		return;
	}
	memcpy(copy, bytes.p, bytes.n);
	copy[bytes.n] = '\0';
	text = str_of(copy, bytes.n);
	if (memchr(copy, '\0', bytes.n)) {
		stop(b, line, "text must not contain a NUL byte");
		return;
	}
	if (wants_key(b)) {
		add_key(b, text, line);
		return;
	}
	node = new_node(b, TREE_SCALAR, line);
	if (!node)
		return;
	node->value = text;
	node->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	attach(b, node);
}

static void add_alias(struct builder *b, const yaml_event_t *e)
{
	struct tree_node *node;

	mistake_add(b->mistakes, line_of(e),
		"the alias '*%s' is not supported: quote text that begins "
		"with '*'",
		e->data.alias.anchor);
	if (wants_key(b)) {
		b->stop = true;
		return;
	}
	node = new_node(b, TREE_SCALAR, line_of(e));
	if (!node)
		return;
	node->value = (struct str)STR("");
	node->bad = true;
	attach(b, node);
}

static void refuse_extras(struct builder *b, const yaml_event_t *e)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (e->type == YAML_SCALAR_EVENT) {
		anchor = e->data.scalar.anchor;
		tag = e->data.scalar.tag;
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = e->data.sequence_start.anchor;
		tag = e->data.sequence_start.tag;
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		anchor = e->data.mapping_start.anchor;
		tag = e->data.mapping_start.tag;
	}
	if (anchor)
		mistake_add(b->mistakes, line_of(e),
			"the anchor '&%s' is not supported: quote text that "
			"begins with '&'",
			anchor);
	if (tag)
		mistake_add(b->mistakes, line_of(e),
			"the tag '%s' is not supported: quote text that "
			"begins with '!'",
			tag);
}

static void take(struct builder *b, const yaml_event_t *e)
{
	refuse_extras(b, e);
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++b->documents > 1)
			stop(b, line_of(e),
				"a second document begins here ('---'): one "
				"file holds one");
		break;
	case YAML_ALIAS_EVENT:
		add_alias(b, e);
		break;
	case YAML_SCALAR_EVENT:
		add_scalar(b, e);
		break;
	case YAML_SEQUENCE_START_EVENT:
		open_level(b, TREE_LIST, line_of(e));
		break;
	case YAML_MAPPING_START_EVENT:
		open_level(b, TREE_MAP, line_of(e));
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_level(b);
		break;
	default:
		break;
	}
}

/* The first byte of a line that is no space; '\n' when there is none. */
static char first_byte(const struct builder *b, size_t line)
{
	struct str rest = str_of(b->p, b->n), text = STR_NULL;
	size_t i;

	for (i = 0; i <= line; i++)
		if (!str_line(&rest, &text))
			return '\n';
	for (i = 0; i < text.n; i++)
		if (text.p[i] != ' ')
			return text.p[i];
	return '\n';
}

/* What people do most often when libyaml complains as it does. */
static const char *advice(const struct builder *b, const yaml_parser_t *parser)
{
	if (first_byte(b, parser->problem_mark.line) == '\t')
		return ": indent with spaces, not with tabs";
	if (parser->context && strstr(parser->context, "alias"))
		return ": quote text that begins with '*'";
	if (parser->context && strstr(parser->context, "anchor"))
		return ": quote text that begins with '&'";
	if (parser->context && strstr(parser->context, "tag"))
		return ": quote text that begins with '!'";
	if (strstr(parser->problem, "cannot start any token"))
		return ": quote text that begins with '@', '%' or '`'";
	if (strstr(parser->problem, "mapping values are not allowed"))
		return ": quote text that contains ': ', and check the "
		       "indentation";
	return "";
}

/* libyaml marks no place for bytes that it cannot read: count lines. */
static unsigned line_at(const struct builder *b, size_t offset)
{
	unsigned line = 1;
	size_t i;

	for (i = 0; i < offset && i < b->n; i++)
		line += b->p[i] == '\n';
	return line;
}

static void report_syntax(struct builder *b, const yaml_parser_t *parser)
{
	const char *problem = parser->problem ? parser->problem : "unknown";

	b->stop = true;
	if (parser->error == YAML_MEMORY_ERROR)
		mistake_add(b->mistakes, 0, "out of memory");
	else if (parser->error == YAML_READER_ERROR)
		mistake_add(b->mistakes, line_at(b, parser->problem_offset),
			"not a text file in UTF-8: %s", problem);
	else if (parser->context)
		mistake_add(b->mistakes,
			(unsigned)parser->problem_mark.line + 1,
			"not valid YAML: %s %s%s", parser->context, problem,
			advice(b, parser));
	else
		mistake_add(b->mistakes,
			(unsigned)parser->problem_mark.line + 1,
			"not valid YAML: %s%s", problem, advice(b, parser));
}

static void build(struct builder *b, yaml_parser_t *parser)
{
	yaml_event_t event;
	bool end = false;

	while (!end && !b->stop) {
		if (!yaml_parser_parse(parser, &event)) {
			report_syntax(b, parser);
			return;
		}
		end = event.type == YAML_STREAM_END_EVENT;
		take(b, &event);
		yaml_event_delete(&event);
	}
}

int tree_parse(const char *p, size_t n, struct tree *t, struct conf_mistakes *m)
{
	struct builder b = {.tree = t, .mistakes = m, .p = p, .n = n};
	yaml_parser_t parser;

	t->root = NULL;
	arena_init(&t->arena, TREE_MEMORY_MAX);
	if (n > TREE_BYTES_MAX) {
		mistake_add(m, 0, "too large: at most 1 MiB is read");
		return -1;
	}
	if (!yaml_parser_initialize(&parser)) {
		mistake_add(m, 0, "out of memory");
		return -1;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)p, n);
	build(&b, &parser);
	yaml_parser_delete(&parser);
	if (!b.stop)
		return 0;
	t->root = NULL;
	return -1;
}

/* At most max bytes of fd; -1 with errno. */
static ssize_t read_all(int fd, char *buf, size_t max)
{
	size_t n = 0;
	ssize_t got;

	while (n < max) {
		got = read(fd, buf + n, max - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

int tree_read(int fd, const char *path, struct tree *t, struct conf_mistakes *m)
{
	const size_t max = TREE_BYTES_MAX + 1;
	char *buf = malloc(max);
	ssize_t n;
	int rc = -1;

	t->root = NULL;
	arena_init(&t->arena, TREE_MEMORY_MAX);
	if (!buf) {
		mistake_add(m, 0, "out of memory");
		return -1;
	}
	n = read_all(fd, buf, max);
	if (n < 0)
		mistake_add(
			m, 0, "unable to read '%s': %s", path, strerror(errno));
	else
		rc = tree_parse(buf, (size_t)n, t, m);
	free(buf);
	return rc;
}

int tree_load(const char *path, struct tree *t, struct conf_mistakes *m)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int rc;

	if (fd < 0) {
		t->root = NULL;
		arena_init(&t->arena, TREE_MEMORY_MAX);
		mistake_add(
			m, 0, "unable to open '%s': %s", path, strerror(errno));
		return -1;
	}
	rc = tree_read(fd, path, t, m);
	close(fd);
	return rc;
}

void tree_release(struct tree *t)
{
	arena_release(&t->arena);
	t->root = NULL;
}

const struct tree_node *tree_get(const struct tree_node *map, const char *key)
{
	const struct tree_node *node;

	for (node = map->first; node; node = node->next)
		if (str_eq(node->key, str_from(key)))
			return node;
	return NULL;
}

bool tree_is_empty(const struct tree_node *node)
{
	return node->kind == TREE_SCALAR && !node->quoted &&
	       (node->value.n == 0 || str_eq(node->value, str_from("~")) ||
		       str_eq(node->value, str_from("null")));
}

const char *tree_kind_text(enum tree_kind kind)
{
	static const char *const text[] = {
		[TREE_SCALAR] = "text",
		[TREE_LIST] = "a list",
		[TREE_MAP] = "a mapping",
	};

	return text[kind];
}
