/*
 * TLS 1.2 and 1.3 by GnuTLS over a connected, non-blocking socket. The chain
 * and the host name are verified within the handshake: before it is done, no
 * byte of ours can be sent. Never waits: it tells what to wait for.
 */
#ifndef TLS_H
#define TLS_H

#include <stdbool.h>
#include <stddef.h>

struct tls;

enum tls_result {
	TLS_DONE,
	TLS_WANTS_READ, /* wait until the socket is readable, call again */
	TLS_WANTS_WRITE,
	TLS_CLOSED,    /* by the other side */
	TLS_UNTRUSTED, /* the certificate: tls_error() says what is wrong */
	TLS_FAILED,
};

/* ca_file NULL: the system's authorities. NULL: the reason is in why. */
struct tls *tls_new(
	int fd, const char *host, const char *ca_file, char *why, size_t why_n);

/* polite: tell the other side first. The socket stays open. */
void tls_free(struct tls *t, bool polite);

enum tls_result tls_handshake(struct tls *t);
enum tls_result tls_read(struct tls *t, void *buf, size_t n, size_t *got);
enum tls_result tls_write(
	struct tls *t, const void *buf, size_t n, size_t *sent);

/* Whether there are bytes that poll() does not see. */
bool tls_pending(const struct tls *t);

/* After TLS_UNTRUSTED or TLS_FAILED: for a person, with what to do. */
const char *tls_error(const struct tls *t);

/* "TLS1.3 AES-256-GCM", for the log. */
const char *tls_describe(const struct tls *t);

#endif
