/*
 * Why c-ares and not the resolver of libc: res_query() waits for one answer
 * after the other, up to half a minute each. Here all questions are under way
 * at once and one clock ends them all. What answers is a stranger: that packets
 * are what they should be is the library's work; here it is bounded how many of
 * their records are looked at.
 */
#include <ares.h>
#include <arpa/nameser.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "arena.h"
#include "clock.h"
#include "dns.h"

#define NAME_MAX_BYTES 253u  /* RFC 1035 2.3.4, as text */
#define TRY_MS         1500  /* doubled for the second try */
#define LOOKED_AT      64    /* MX records of an answer */
#define SLICE_MS       100   /* between looks at whether to stop */
#define ARENA_BYTES    65536 /* DNS_MOST domains and their hosts */

/*
 * How a question goes out. What the library does with an answer that was cut
 * short is to ask again by TCP in the same channel, and a connection that is
 * refused ends all that waits there: so TCP has a channel of its own.
 */
enum way {
	BY_UDP,
	BY_TCP,
	WAYS
};

/* A domain, and what is still to come of its answer. */
struct entry {
	struct dns *dns;
	struct str domain;
	struct dns_answer answer;
	int absent;      /* of A and AAAA: how many there are none of */
	uint32_t by_tcp; /* types that were asked for by TCP, a bit each */
};

struct dns {
	struct dns_settings settings;
	struct arena arena;
	ares_channel channels[WAYS];
	bool open[WAYS];
	int64_t left_ms;
	size_t waits; /* questions under way */
	struct entry entries[DNS_MOST];
	size_t n;
};

/* --- the library --------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int ready = ARES_ENOTINITIALIZED;

static void init_library(void)
{
	ready = ares_library_init(ARES_LIB_INIT_ALL);
}

static bool open_channel(struct dns *d, enum way way)
{
	/* No search list: a domain is asked for as it stands. */
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES |
			 (way == BY_TCP ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC),
		.timeout = TRY_MS,
		.tries = 2,
	};
	const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES;
	ares_channel *channel = &d->channels[way];

	if (d->open[way])
		return true;
	pthread_once(&once, init_library);
	if (ready != ARES_SUCCESS ||
		ares_init_options(channel, &options, mask) != ARES_SUCCESS)
		return false;
	if (d->settings.server && ares_set_servers_ports_csv(*channel,
					  d->settings.server) != ARES_SUCCESS) {
		ares_destroy(*channel);
		return false;
	}
	d->open[way] = true;
	return true;
}

struct dns *dns_new(const struct dns_settings *s)
{
	struct dns *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->settings = *s;
	d->left_ms = s->limit_ms ? s->limit_ms : DNS_LIMIT_MS;
	arena_init(&d->arena, ARENA_BYTES);
	return d;
}

void dns_free(struct dns *d)
{
	if (!d)
		return;
	for (int way = 0; way < WAYS; way++)
		if (d->open[way])
			ares_destroy(d->channels[way]);
	arena_release(&d->arena);
	free(d);
}

/* --- answers ------------------------------------------------------------- */

static void settle(struct entry *e, enum dns_says says)
{
	e->answer = (struct dns_answer){.says = says};
}

static void ask(struct entry *e, enum way way, int type, ares_callback callback)
{
	char name[NAME_MAX_BYTES + 1];

	memcpy(name, e->domain.p, e->domain.n);
	name[e->domain.n] = '\0';
	e->dns->waits++;
	ares_query(e->dns->channels[way], name, ns_c_in, type, callback, e);
}

/* TC (RFC 1035 4.1.1) */
static bool is_cut(const unsigned char *p, int n)
{
	return p && n >= NS_HFIXEDSZ && p[2] & 2;
}

/*
 * What is not in an answer that was cut short may be there all the same: true
 * when the whole one is asked for. Where that was done before, the server makes
 * no sense: in *status.
 */
static bool asks_whole(
	struct entry *e, int type, ares_callback again, bool cut, int *status)
{
	uint32_t bit = (uint32_t)1 << type;

	if (!cut || *status == ARES_ENOTFOUND) /* which stands in its head */
		return false;
	if (e->by_tcp & bit || !open_channel(e->dns, BY_TCP)) {
		*status = ARES_EBADRESP;
		return false;
	}
	e->by_tcp |= bit;
	ask(e, BY_TCP, type, again);
	return true;
}

static const char *why(int status)
{
	switch (status) {
	case ARES_ETIMEOUT:
	case ARES_ECANCELLED:
		return "no answer in time";
	case ARES_ECONNREFUSED: /* so it says of SERVFAIL and REFUSED, too,
				 * when every server was tried */
	case ARES_ESERVFAIL:
	case ARES_EREFUSED:
		return "no name server has an answer";
	default:
		return "no answer that can be understood";
	}
}

/* A or AAAA, asked for where there is no MX. */
static void got_address(struct entry *e, int type, ares_callback again,
	int status, bool found, bool cut)
{
	e->dns->waits--;
	if (found)
		settle(e, DNS_ADDRESS);
	else if (asks_whole(e, type, again, cut, &status))
		return;
	else if (status == ARES_SUCCESS || status == ARES_ENODATA ||
		 status == ARES_ENOTFOUND) /* success: but an alias */
		e->absent++;
	else if (e->answer.says == DNS_NOT_KNOWN)
		e->answer.why = why(status);
	if (e->absent == 2)
		settle(e, DNS_NO_HOST);
}

/* The signature is not ours. */
static void got_a(void *arg, int status, int timeouts, unsigned char *p, int n)
{
	struct ares_addrttl found[1];
	int found_n = 1;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_a_reply(p, n, NULL, found, &found_n);
	got_address(arg, ns_t_a, got_a, status,
		status == ARES_SUCCESS && found_n > 0, is_cut(p, n));
}

/* The signature is not ours. */
static void got_aaaa(
	void *arg, int status, int timeouts, unsigned char *p, int n)
{
	struct ares_addr6ttl found[1];
	int found_n = 1;

	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_aaaa_reply(p, n, NULL, found, &found_n);
	got_address(arg, ns_t_aaaa, got_aaaa, status,
		status == ARES_SUCCESS && found_n > 0, is_cut(p, n));
}

/* The host's name, which is as long as a name may be, in lower case. */
static struct str keep_host(struct dns *d, const char *host)
{
	struct str s = arena_dup(
		&d->arena, str_of(host, strnlen(host, NAME_MAX_BYTES)));

	for (size_t i = 0; s.p && i < s.n; i++)
		((char *)s.p)[i] = (char)ascii_lower((unsigned char)s.p[i]);
	return s;
}

/* The records with the lowest preference among those looked at, in order. A
 * "." is the null MX; beside others it means nothing (RFC 7505 3). */
static size_t best_of(const struct ares_mx_reply *mx,
	const struct ares_mx_reply *best[DNS_HOSTS])
{
	size_t n = 0;

	for (int i = 0; mx && i < LOOKED_AT; mx = mx->next, i++) {
		size_t at = n;

		if (!*mx->host)
			continue;
		while (at > 0 && best[at - 1]->priority > mx->priority)
			at--;
		if (at == DNS_HOSTS)
			continue;
		n += n < DNS_HOSTS;
		memmove(&best[at + 1], &best[at],
			(n - at - 1) * sizeof(best[0]));
		best[at] = mx;
	}
	return n;
}

static void read_mx(struct entry *e, const struct ares_mx_reply *mx, bool cut)
{
	const struct ares_mx_reply *best[DNS_HOSTS];
	size_t n = best_of(mx, best);

	if (!n && cut) /* others may be in the rest */
		return;
	settle(e, n ? DNS_MX : DNS_NULL_MX);
	for (size_t i = 0; i < n; i++) {
		struct str host = keep_host(e->dns, best[i]->host);

		if (host.p)
			e->answer.hosts[e->answer.hosts_n++] = host;
	}
}

/* The signature is not ours. */
static void got_mx(void *arg, int status, int timeouts, unsigned char *p, int n)
{
	struct ares_mx_reply *mx = NULL;
	struct entry *e = arg;

	(void)timeouts;
	e->dns->waits--;
	if (status == ARES_SUCCESS)
		status = ares_parse_mx_reply(p, n, &mx);
	if (mx)
		read_mx(e, mx, is_cut(p, n));
	if (asks_whole(e, ns_t_mx, got_mx, is_cut(p, n), &status) || mx) {
		/* that is all for now */
	} else if (status == ARES_ENOTFOUND) {
		settle(e, DNS_NO_DOMAIN);
	} else if (status == ARES_SUCCESS || status == ARES_ENODATA) {
		ask(e, BY_UDP, ns_t_a, got_a);
		ask(e, BY_UDP, ns_t_aaaa, got_aaaa);
	} else if (e->answer.says == DNS_NOT_KNOWN) {
		e->answer.why = why(status);
	}
	if (mx)
		ares_free_data(mx);
}

/* --- questions ----------------------------------------------------------- */

static bool is_label(struct str s)
{
	if (!s.n || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum((unsigned char)s.p[i]) && s.p[i] != '-' &&
			s.p[i] != '_')
			return false;
	return true;
}

/* What may be asked for: a name with two labels at least (one is a name of our
 * own network), the last of which is no number. */
static bool is_domain(struct str s)
{
	size_t labels = 0, dot;
	struct str label = s;

	if (!s.n || s.n > NAME_MAX_BYTES)
		return false;
	for (;; s = str_sub(s, dot + 1, s.n)) {
		dot = str_chr(s, '.');
		label = str_sub(s, 0, dot);
		if (!is_label(label))
			return false;
		labels++;
		if (dot >= s.n)
			break;
	}
	return labels > 1 && !ascii_is_digit((unsigned char)label.p[0]);
}

static struct entry *find(const struct dns *d, struct str domain)
{
	for (size_t i = 0; i < d->n; i++)
		if (str_eq(d->entries[i].domain, domain))
			return (struct entry *)&d->entries[i];
	return NULL;
}

static struct entry *add(struct dns *d, struct str domain)
{
	struct entry *e;

	if (d->n == DNS_MOST || !is_domain(domain) || find(d, domain))
		return NULL;
	e = &d->entries[d->n];
	*e = (struct entry){.dns = d, .answer.why = "no answer in time"};
	e->domain = arena_dup(&d->arena, domain);
	if (!e->domain.p)
		return NULL;
	d->n++;
	return e;
}

/* The sockets of a channel, as poll() wants them. */
static nfds_t sockets_of(ares_channel channel, struct pollfd *fds)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	unsigned mask =
		(unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	nfds_t n = 0;

	for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		/* not by its macros, which shift into the sign */
		int reads = mask >> i & 1 ? POLLIN : 0;
		int writes =
			mask >> (ARES_GETSOCK_MAXNUM + i) & 1 ? POLLOUT : 0;

		if (reads || writes)
			fds[n++] = (struct pollfd){.fd = sockets[i],
				.events = (short)(reads | writes)};
	}
	return n;
}

/* What has come for a channel, and the questions whose time is up. */
static void process(ares_channel channel, const struct pollfd *fds, nfds_t n)
{
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].revents)
			ares_process_fd(channel,
				fds[i].events & POLLIN ? fds[i].fd
						       : ARES_SOCKET_BAD,
				fds[i].revents & POLLOUT ? fds[i].fd
							 : ARES_SOCKET_BAD);
	ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* One wait for the library's sockets, until deadline at most. */
static void pump(struct dns *d, int64_t deadline)
{
	struct pollfd fds[WAYS * ARES_GETSOCK_MAXNUM];
	struct timeval most = {0, SLICE_MS * 1000}, tv[WAYS], *left = &most;
	nfds_t n[WAYS] = {0}, all = 0;
	int64_t now = clock_ms(), ms;

	for (int way = 0; way < WAYS; way++) {
		if (!d->open[way])
			continue;
		n[way] = sockets_of(d->channels[way], fds + all);
		all += n[way];
		left = ares_timeout(d->channels[way], left, &tv[way]);
	}
	ms = left->tv_sec * 1000 + left->tv_usec / 1000 + 1;
	if (ms > deadline - now)
		ms = deadline - now;
	if (poll(fds, all, ms > 0 ? (int)ms : 0) < 0)
		all = 0;
	for (int way = 0, at = 0; way < WAYS; at += (int)n[way++])
		if (d->open[way])
			process(d->channels[way], fds + at, all ? n[way] : 0);
}

static void wait_for_all(struct dns *d)
{
	int64_t began = clock_ms(), deadline = began + d->left_ms;

	while (d->waits && clock_ms() < deadline &&
		!(d->settings.wake && wake_stopped(d->settings.wake)))
		pump(d, deadline);
	for (int way = 0; way < WAYS; way++)
		if (d->open[way]) /* each callback is told */
			ares_cancel(d->channels[way]);
	d->left_ms -= clock_ms() - began;
	if (d->left_ms < 0)
		d->left_ms = 0;
}

void dns_ask(struct dns *d, const struct str *domains, size_t n)
{
	bool usable = open_channel(d, BY_UDP);

	for (size_t i = 0; i < n; i++) {
		struct entry *e = add(d, domains[i]);

		if (e && !usable)
			e->answer.why = "there is no resolver to ask";
		else if (e && d->left_ms)
			ask(e, BY_UDP, ns_t_mx, got_mx);
	}
	if (d->waits)
		wait_for_all(d);
}

struct dns_answer dns_get(const struct dns *d, struct str domain)
{
	const struct entry *e = d ? find(d, domain) : NULL;

	if (e)
		return e->answer;
	return (struct dns_answer){.why = "it was not asked for"};
}
