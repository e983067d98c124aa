/*
 * People and chance. Nothing here knows how a cause is found out.
 */
#include "list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const list_providers[LIST_PROVIDERS] = {
	"google", "microsoft", "yahoo", "apple", "gmx", "comcast", ""};

/* --- chance --------------------------------------------------------------- */

void list_seed(struct list *l, uint64_t seed)
{
	l->state = seed * UINT64_C(0x9e3779b97f4a7c15) + 77;
	for (int i = 0; i < 4; i++)
		(void)list_draw(l);
}

double list_draw(struct list *l)
{
	uint64_t z = l->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

double list_between(struct list *l, double a, double b)
{
	return a + (b - a) * list_draw(l);
}

/* As many between 30 and 60 as between 60 and 120. */
double list_size(struct list *l, double a, double b)
{
	double steps = 0, u;

	while (a * 2 < b) {
		b /= 2;
		steps++;
	}
	u = list_draw(l) * (steps + b / a - 1);
	for (; u >= 1; u--)
		a *= 2;
	return a * (1 + u);
}

size_t list_pick(struct list *l, size_t n)
{
	return (size_t)(list_draw(l) * (double)n);
}

bool list_chance(struct list *l, double p)
{
	return list_draw(l) < p;
}

size_t list_weighted(struct list *l, const double *weights, size_t n)
{
	double all = 0, u;

	for (size_t i = 0; i < n; i++)
		all += weights[i];
	u = list_draw(l) * all;
	for (size_t i = 0; i + 1 < n; i++) {
		if (u < weights[i])
			return i;
		u -= weights[i];
	}
	return n - 1;
}

/* --- names ---------------------------------------------------------------- */

static const char *const firsts[] = {"anna", "peter", "maria", "john",
	"krzysztof", "li", "wei", "fatima", "omar", "ingrid", "lars", "sophie",
	"jean", "giulia", "marco", "svetlana", "dmitri", "yuki", "hiro",
	"priya", "arjun", "carlos", "lucia", "emma", "noah", "olivia", "liam",
	"zofia", "jakub", "nguyen", "thi", "mehmet", "ayse", "jan", "petra",
	"hans", "uwe", "birgit", "mary", "robert", "linda", "james", "chris",
	"pat", "kim", "alex", "sam", "joao", "ana", "bjorn", "astrid", "zsolt",
	"eszter", "ioana", "vlad", "grzegorz", "szymon", "ng", "tr", "jt"};
static const char *const lasts[] = {"smith", "muller", "schmidt", "kowalski",
	"brzezinski", "szczepanski", "wang", "zhang", "nguyen", "tran",
	"ivanov", "petrov", "rossi", "bianchi", "dupont", "martin", "garcia",
	"lopez", "silva", "santos", "jones", "brown", "taylor", "wright",
	"schwarz", "krug", "lind", "berg", "hansen", "olsen", "novak", "dvorak",
	"horvath", "nagy", "yilmaz", "kaya", "khan", "patel", "sharma", "singh",
	"tanaka", "sato", "kim", "park", "johnson", "williams", "lynch",
	"schultz", "wojcik", "hrdlicka", "strnad", "krk", "pfister", "dietrich",
	"vogt"};
static const char *const words[] = {"sunny", "dragon", "lucky", "tiger",
	"garden", "music", "happy", "blue", "star", "cat", "bike", "coffee",
	"surf", "ninja", "mama", "papa", "kfz", "pc", "xxl", "dj"};
static const char *const roles[] = {"info", "office", "sales", "kontakt",
	"mail", "admin", "hello", "service", "buchhaltung", "me"};

#define OF(l, list) (list)[list_pick(l, sizeof(list) / sizeof(*(list)))]

static void random_name(struct list *l, char out[40])
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = 8 + list_pick(l, 4);

	for (size_t i = 0; i < n; i++)
		out[i] = set[list_pick(l, sizeof(set) - 1)];
	out[n] = '\0';
}

void list_name(struct list *l, char out[40])
{
	static const double weights[] = {28, 10, 16, 6, 8, 8, 6, 8, 3, 3, 4};
	const char *f = OF(l, firsts), *s = OF(l, lasts), *w = OF(l, words);
	int year = 40 + (int)list_pick(l, 65), k = 1 + (int)list_pick(l, 999);

	switch (list_weighted(l, weights, 11)) {
	case 0:
		(void)snprintf(out, 40, "%s.%s", f, s);
		break;
	case 1:
		(void)snprintf(out, 40, "%c%s", f[0], s);
		break;
	case 2:
		(void)snprintf(out, 40, "%s%s%d", f, s, year % 100);
		break;
	case 3:
		(void)snprintf(out, 40, "%s_%s", s, f);
		break;
	case 4:
		(void)snprintf(out, 40, "%s%d", f, k);
		break;
	case 5:
		(void)snprintf(out, 40, "%s%s%d", w, OF(l, words), k % 100);
		break;
	case 6:
		(void)snprintf(out, 40, "%s.%c", s, f[0]);
		break;
	case 7:
		(void)snprintf(out, 40, "%s", OF(l, roles));
		break;
	case 8: /* as Apple gives them out */
		random_name(l, out);
		break;
	case 9: /* a customer's number */
		(void)snprintf(out, 40, "k%06d", (int)list_pick(l, 1000000));
		break;
	default:
		(void)snprintf(out, 40, "%c%c%c%02d", f[0], s[0], w[0], year);
	}
}

/* --- people --------------------------------------------------------------- */

static const struct home {
	const char *domain;
	uint8_t provider;
	double weight;
} homes[] = {
	{"gmail.com",   PROVIDER_GOOGLE,    40},
	{"hotmail.com", PROVIDER_MICROSOFT, 9 },
	{"outlook.com", PROVIDER_MICROSOFT, 7 },
	{"yahoo.com",   PROVIDER_YAHOO,     9 },
	{"aol.com",     PROVIDER_YAHOO,     3 },
	{"icloud.com",  PROVIDER_APPLE,     5 },
	{"gmx.net",     PROVIDER_GMX,       6 },
	{"comcast.net", PROVIDER_COMCAST,   3 },
};

#define HOMES (sizeof(homes) / sizeof(*homes))

/* Who takes a company's mail. */
static int company_provider(const char *domain)
{
	unsigned h = 5381;

	while (*domain)
		h = h * 33 + (unsigned char)*domain++;
	h = (h ^ h >> 11) * 2654435761u >> 16;
	return h % 100 < 18   ? PROVIDER_GOOGLE
	       : h % 100 < 45 ? PROVIDER_MICROSOFT
			      : PROVIDER_NONE;
}

void list_company(struct list *l, char out[40])
{
	(void)snprintf(out, 40, "c%u.example.org", l->domains++);
}

static size_t home_of(struct list *l, int provider)
{
	double weights[HOMES];

	for (size_t i = 0; i < HOMES; i++)
		weights[i] = provider < 0 || homes[i].provider == provider
				     ? homes[i].weight
				     : 0;
	return list_weighted(l, weights, HOMES);
}

/* A few companies have many on the list, most have one or two. */
static void some_company(struct list *l, char out[40])
{
	double u = list_draw(l);

	(void)snprintf(out, 40, "c%u.example.org",
		(unsigned)(u * u * u * (double)l->domains));
}

size_t list_person(struct list *l, const char *domain, int provider)
{
	char name[40], own[40];
	struct person *p;

	if (l->people_n == l->people_cap) {
		l->people_cap = 2 * l->people_cap + 4096;
		l->people =
			realloc(l->people, l->people_cap * sizeof(*l->people));
	}
	p = &l->people[l->people_n];
	memset(p, 0, sizeof(*p));
	if (!domain && provider < 0 && list_chance(l, l->companies)) {
		some_company(l, own);
		domain = own;
	}
	if (domain) {
		p->provider =
			(uint8_t)(provider >= 0 ? provider
						: company_provider(domain));
	} else {
		size_t h = home_of(l, provider);

		domain = homes[h].domain;
		p->provider = homes[h].provider;
	}
	list_name(l, name);
	(void)snprintf(p->key, sizeof(p->key), "%s@%s", name, domain);
	p->stream = (uint8_t)list_pick(l, (size_t)l->streams_n - 1);
	return l->people_n++;
}

void list_age(struct list *l, struct person *p)
{
	double u = list_draw(l);

	p->first = (int32_t)(LIST_DAY - 20 - (int)(u * u * 1100));
	p->previous = (int32_t)(LIST_DAY - 7 + (int)list_pick(l, 6));
	p->last = p->previous;
	if (p->first >= p->previous)
		p->first = p->previous - 7;
	p->engaged = list_chance(l, 0.5);
}

size_t list_regular(struct list *l, int provider)
{
	size_t i;

	for (int try = 0; try < 60; try++) {
		i = list_pick(l, l->regular_n);
		if (!l->people[i].dead && l->people[i].first < LIST_DAY - 7 &&
			(provider < 0 || l->people[i].provider == provider))
			return i;
	}
	i = list_person(l, NULL, provider);
	list_age(l, &l->people[i]);
	return i;
}

/* --- bounces -------------------------------------------------------------- */

/* It was mailed, in the week that is reported. */
static void mailed(struct person *p, int32_t day)
{
	if (day < LIST_DAY || day <= p->last)
		return;
	if (!p->first)
		p->first = day;
	p->previous = p->last;
	p->last = day;
}

void list_bounce(struct list *l, const struct list_bounce *b)
{
	if (b->at >= LIST_TO)
		return; /* next week's */
	if (l->bounces_n == l->bounces_cap) {
		l->bounces_cap = 2 * l->bounces_cap + 4096;
		l->bounces = realloc(
			l->bounces, l->bounces_cap * sizeof(*l->bounces));
	}
	l->bounces[l->bounces_n++] = *b;
	if (b->sent_at >= LIST_FROM)
		l->people[b->person].in_week = true;
	mailed(&l->people[b->person], (int32_t)(b->sent_at / DAY));
	if (b->class == CLASS_HARD)
		l->people[b->person].dead = true;
}

void list_arrive(struct list *l, int stream, int provider, int64_t n)
{
	if (l->arrived_n < 4)
		l->arrived[l->arrived_n++] =
			(struct list_arrived){stream, provider, n};
}

int64_t list_delay(struct list *l)
{
	double u = list_draw(l), x = list_draw(l);

	if (u < 0.85)
		return (int64_t)(x * x * 300);
	if (u < 0.97)
		return (int64_t)(x * x * 3 * HOUR);
	return (int64_t)(x * x * 2 * DAY);
}

int64_t list_daytime(struct list *l)
{
	return (int64_t)(7 * HOUR +
			 (list_draw(l) + list_draw(l)) / 2 * 16 * HOUR);
}
