/*
 * Why not libetpan's TLS: it verifies neither chain nor name, and it accepts
 * TLS 1.0. GnuTLS verifies both here while the handshake runs; in addition a
 * name must stand in the subject alternative names, not only in the common
 * name (RFC 9525 section 6.3).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tls.h"

/* So many alerts that mean nothing end the patience with a server. */
#define ALERTS_MAX 16

/* GnuTLS asks for the five bytes of a record's head and then for the rest:
 * two system calls for each record, of which there are tens of thousands. */
#define INPUT_SIZE 65536u

struct tls {
	gnutls_session_t session;
	int fd;
	size_t in_at, in_n; /* what was received and not yet asked for */
	uint64_t taken;     /* bytes that GnuTLS has taken of it, ever */
	char in[INPUT_SIZE];
	gnutls_certificate_credentials_t credentials;
	const char *host;
	bool done;
	unsigned alerts;
	char why[256];
	char description[96];
};

static bool is_address(const char *host)
{
	unsigned char a[16];

	return inet_pton(AF_INET, host, a) == 1 ||
	       inet_pton(AF_INET6, host, a) == 1;
}

static int load_authorities(
	struct tls *t, const char *ca_file, char *why, size_t why_n)
{
	int r = gnutls_certificate_allocate_credentials(&t->credentials);

	if (r < 0) {
		snprintf(why, why_n, "%s", gnutls_strerror(r));
		return -1;
	}
	if (ca_file)
		r = gnutls_certificate_set_x509_trust_file(
			t->credentials, ca_file, GNUTLS_X509_FMT_PEM);
	else
		r = gnutls_certificate_set_x509_system_trust(t->credentials);
	if (r > 0)
		return 0;
	if (!ca_file)
		snprintf(why, why_n,
			"this system has no certificate authorities (Debian: "
			"install ca-certificates), and ca_file is not set");
	else
		snprintf(why, why_n, "unable to read ca_file '%s': %s", ca_file,
			r == 0 ? "no certificate in it" : gnutls_strerror(r));
	return -1;
}

static ssize_t pull(gnutls_transport_ptr_t arg, void *out, size_t n)
{
	struct tls *t = arg;
	ssize_t k;

	if (t->in_at == t->in_n) {
		k = recv(t->fd, t->in, sizeof(t->in), 0);
		if (k <= 0) {
			gnutls_transport_set_errno(t->session, errno);
			return k;
		}
		t->in_at = 0;
		t->in_n = (size_t)k;
	}
	if (n > t->in_n - t->in_at)
		n = t->in_n - t->in_at;
	memcpy(out, t->in + t->in_at, n);
	t->in_at += n;
	t->taken += n;
	return (ssize_t)n;
}

/* GnuTLS is never asked to wait; it wants to know how, all the same. */
static int pull_timeout(gnutls_transport_ptr_t arg, unsigned ms)
{
	struct tls *t = arg;
	struct pollfd p = {t->fd, POLLIN, 0};

	return t->in_at < t->in_n ? 1 : poll(&p, 1, (int)ms);
}

static void set_transport(struct tls *t)
{
	gnutls_transport_set_ptr2(
		t->session, t, (gnutls_transport_ptr_t)(intptr_t)t->fd);
	gnutls_transport_set_pull_function(t->session, pull);
	gnutls_transport_set_pull_timeout_function(t->session, pull_timeout);
}

static int start_session(struct tls *t)
{
	static const char versions[] = "-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
	int r = gnutls_init(&t->session,
		GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);

	if (r < 0)
		return r;
	r = gnutls_set_default_priority_append(t->session, versions, NULL, 0);
	if (r < 0)
		return r;
	r = gnutls_credentials_set(
		t->session, GNUTLS_CRD_CERTIFICATE, t->credentials);
	if (r >= 0 && !is_address(t->host))
		r = gnutls_server_name_set(
			t->session, GNUTLS_NAME_DNS, t->host, strlen(t->host));
	if (r < 0)
		return r;
	gnutls_session_set_verify_cert(t->session, t->host, 0);
	set_transport(t);
	gnutls_handshake_set_timeout(t->session, GNUTLS_INDEFINITE_TIMEOUT);
	return 0;
}

struct tls *tls_new(
	int fd, const char *host, const char *ca_file, char *why, size_t why_n)
{
	struct tls *t = calloc(1, sizeof(*t));
	int r;

	if (!t) {
		snprintf(why, why_n, "out of memory");
		return NULL;
	}
	t->host = host;
	t->fd = fd;
	if (load_authorities(t, ca_file, why, why_n) < 0) {
		tls_free(t, false);
		return NULL;
	}
	r = start_session(t);
	if (r < 0) {
		snprintf(why, why_n, "%s", gnutls_strerror(r));
		tls_free(t, false);
		return NULL;
	}
	return t;
}

void tls_free(struct tls *t, bool polite)
{
	if (!t)
		return;
	if (t->session) {
		/* One try: the socket does not block, and nobody waits. */
		if (polite && t->done)
			(void)gnutls_bye(t->session, GNUTLS_SHUT_WR);
		gnutls_deinit(t->session);
	}
	if (t->credentials)
		gnutls_certificate_free_credentials(t->credentials);
	free(t);
}

/* The first names that the certificate is for, "a.example, b.example". */
static unsigned list_names(gnutls_x509_crt_t crt, char *out, size_t n)
{
	unsigned found = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < 32; i++) {
		char name[256];
		size_t size = sizeof(name) - 1, used = strlen(out);
		int type = gnutls_x509_crt_get_subject_alt_name(
			crt, i, name, &size, NULL);

		if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			break;
		if (type == GNUTLS_SAN_IPADDRESS)
			found++;
		if (type != GNUTLS_SAN_DNSNAME)
			continue;
		name[size] = '\0';
		if (found++ < 3)
			snprintf(out + used, n - used, "%s%s", used ? ", " : "",
				name);
	}
	return found;
}

/* How many names the server's certificate has; they are listed in out. */
static unsigned peer_names(struct tls *t, char *out, size_t n)
{
	unsigned count = 0, names = 0;
	const gnutls_datum_t *chain =
		gnutls_certificate_get_peers(t->session, &count);
	gnutls_x509_crt_t crt;

	out[0] = '\0';
	if (!chain || count == 0 || gnutls_x509_crt_init(&crt) < 0)
		return 0;
	if (gnutls_x509_crt_import(crt, &chain[0], GNUTLS_X509_FMT_DER) >= 0)
		names = list_names(crt, out, n);
	gnutls_x509_crt_deinit(crt);
	return names;
}

/* Most telling first: a bad chain often has several of these. */
static const struct {
	unsigned bit;
	const char *text;
} troubles[] = {
	{GNUTLS_CERT_REVOKED,            "it was revoked"					      },
	{GNUTLS_CERT_EXPIRED,
         "it has expired; the server's keeper must renew it"                                           },
	{GNUTLS_CERT_NOT_ACTIVATED,
         "it is not valid yet; is the clock of this machine right?"                                    },
	{GNUTLS_CERT_SIGNER_NOT_FOUND,   "no authority known here has signed it; "
				       "if it is your own, name "
				       "its authority in ca_file"},
	{GNUTLS_CERT_SIGNER_NOT_CA,
         "it was signed by a certificate that is no authority; name the "
		"right authority in ca_file"							   },
	{GNUTLS_CERT_INSECURE_ALGORITHM, "it uses an algorithm that is broken"                         },
	{GNUTLS_CERT_SIGNATURE_FAILURE,  "its signature is wrong"                                      },
};

static void explain_certificate(struct tls *t)
{
	unsigned status = gnutls_session_get_verify_cert_status(t->session);
	const char *text = "it could not be verified";
	char names[160];

	for (size_t i = 0; i < sizeof(troubles) / sizeof(*troubles); i++) {
		if (status & troubles[i].bit) {
			text = troubles[i].text;
			break;
		}
	}
	if (status & GNUTLS_CERT_UNEXPECTED_OWNER &&
		!(status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_REVOKED))) {
		peer_names(t, names, sizeof(names));
		snprintf(t->why, sizeof(t->why),
			"the certificate is not for '%s' but for %s; is host "
			"the name that the server goes by?",
			t->host, names[0] ? names : "no name at all");
		return;
	}
	snprintf(t->why, sizeof(t->why),
		"the certificate of '%s' was refused: %s", t->host, text);
}

static enum tls_result fail(struct tls *t, int r)
{
	if (r == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
		explain_certificate(t);
		return TLS_UNTRUSTED;
	}
	if (r == GNUTLS_E_PREMATURE_TERMINATION ||
		(r == GNUTLS_E_PULL_ERROR && t->done))
		return TLS_CLOSED;
	if (r == GNUTLS_E_FATAL_ALERT_RECEIVED)
		snprintf(t->why, sizeof(t->why), "TLS: the server says: %s",
			gnutls_alert_get_name(gnutls_alert_get(t->session)));
	else if (!t->done && (r == GNUTLS_E_UNEXPECTED_PACKET_LENGTH ||
				     r == GNUTLS_E_UNEXPECTED_PACKET))
		snprintf(t->why, sizeof(t->why),
			"the server does not speak TLS on this port; is it the "
			"port for tls: starttls?");
	else
		snprintf(t->why, sizeof(t->why), "TLS: %s", gnutls_strerror(r));
	return TLS_FAILED;
}

/* A negative result of GnuTLS: wait for what, or the end. */
static enum tls_result judge(struct tls *t, int r)
{
	if (r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED)
		return gnutls_record_get_direction(t->session) ? TLS_WANTS_WRITE
							       : TLS_WANTS_READ;
	return fail(t, r);
}

/*
 * Whether to call again at once: after an alert that means nothing, and after
 * a message of TLS itself (a session ticket), when what follows it is in our
 * buffer already and poll() would not see it. taken: of the buffer, before the
 * call.
 */
static bool is_to_repeat(struct tls *t, ssize_t r, uint64_t taken)
{
	if (r == GNUTLS_E_WARNING_ALERT_RECEIVED)
		return ++t->alerts <= ALERTS_MAX;
	return r == GNUTLS_E_AGAIN && t->in_at < t->in_n && t->taken != taken;
}

static void describe(struct tls *t)
{
	gnutls_protocol_t version = gnutls_protocol_get_version(t->session);
	gnutls_cipher_algorithm_t cipher = gnutls_cipher_get(t->session);

	snprintf(t->description, sizeof(t->description), "%s %s",
		gnutls_protocol_get_name(version),
		gnutls_cipher_get_name(cipher));
}

enum tls_result tls_handshake(struct tls *t)
{
	char names[160];
	uint64_t taken;
	int r;

	do {
		taken = t->taken;
		r = gnutls_handshake(t->session);
	} while (is_to_repeat(t, r, taken));
	if (r < 0)
		return judge(t, r);
	if (peer_names(t, names, sizeof(names)) == 0) {
		snprintf(t->why, sizeof(t->why),
			"the certificate of '%s' was refused: it has no "
			"subject alternative name",
			t->host);
		return TLS_UNTRUSTED;
	}
	t->done = true;
	describe(t);
	return TLS_DONE;
}

enum tls_result tls_read(struct tls *t, void *buf, size_t n, size_t *got)
{
	uint64_t taken;
	ssize_t r;

	do {
		taken = t->taken;
		r = gnutls_record_recv(t->session, buf, n);
	} while (is_to_repeat(t, r, taken));
	if (r == 0)
		return TLS_CLOSED;
	if (r < 0)
		return judge(t, (int)r);
	*got = (size_t)r;
	return TLS_DONE;
}

enum tls_result tls_write(
	struct tls *t, const void *buf, size_t n, size_t *sent)
{
	ssize_t r = gnutls_record_send(t->session, buf, n);

	if (r < 0)
		return judge(t, (int)r);
	*sent = (size_t)r;
	return TLS_DONE;
}

bool tls_pending(const struct tls *t)
{
	return t->in_at < t->in_n ||
	       gnutls_record_check_pending(t->session) > 0;
}

const char *tls_error(const struct tls *t)
{
	return t->why;
}

const char *tls_describe(const struct tls *t)
{
	return t->description;
}
