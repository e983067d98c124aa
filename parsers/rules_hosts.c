/*
 * Providers by their hosts. There are hundreds of globs, and a text may name
 * many hosts; but nearly all globs end in the two labels that a host must end
 * in, too, and only those are asked.
 */
#include "fnv.h"
#include "rules_private.h"

/* Where the last two labels of s begin. */
static size_t last_two(struct str s)
{
	unsigned dots = 0;
	size_t i = s.n;

	while (i && (s.p[i - 1] != '.' || ++dots < 2))
		i--;
	return i;
}

/* Never 0. */
static uint32_t hash(struct str s)
{
	return (uint32_t)fnv_folded(FNV_BEGIN, s) | 1;
}

uint32_t rules_host_key(struct str glob)
{
	struct str end = str_sub(glob, last_two(glob), glob.n);

	return str_chr(end, '*') < end.n || str_chr(end, '?') < end.n
		       ? 0
		       : hash(end);
}

uint32_t rules_host_bytes(struct str s)
{
	uint32_t bytes = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '*' && s.p[i] != '?')
			bytes |= 1u << ((unsigned char)s.p[i] & 31);
	return bytes;
}

static size_t first_of(const struct rules *rules, uint32_t key)
{
	size_t low = 0, high = rules->hosts_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (rules->hosts[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The first provider below best whose glob with this key matches; or best. */
static size_t find(const struct rules *rules, uint32_t key, struct str host,
	uint32_t bytes, size_t best)
{
	size_t i = key ? first_of(rules, key) : 0; /* 0 comes first */

	for (; i < rules->hosts_n; i++) {
		const struct rule_host *h = &rules->hosts[i];

		if (h->key != key || h->provider >= best)
			break;
		if (!(h->bytes & ~bytes) &&
			str_glob(host,
				rules->providers[h->provider].host[h->host]))
			return h->provider;
	}
	return best;
}

struct str rules_host_provider(const struct rules *rules, struct str host)
{
	size_t best = rules->providers_n;
	uint32_t bytes, key;

	if (!host.n)
		return STR_NULL;
	bytes = rules_host_bytes(host);
	key = hash(str_sub(host, last_two(host), host.n));
	best = find(rules, key, host, bytes, best);
	best = find(rules, 0, host, bytes, best);
	return best < rules->providers_n ? rules->providers[best].name
					 : STR_NULL;
}
