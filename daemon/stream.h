/*
 * One connection to an IMAP server: TCP and TLS, every wait with a deadline,
 * every byte past the guard. libetpan reads and writes through it (imap.c
 * makes a mailstream_low driver of it); it knows nothing of libetpan.
 *
 * The first failure is final ("sticky"): every later call fails at once, and
 * stream_fault() and stream_error() tell why. EOF is such a failure. Belongs
 * to one thread; wake may be poked by others.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wake.h"

struct stream;

/* What failed: it decides what to do next. */
enum stream_fault {
	STREAM_FINE = 0,
	STREAM_NETWORK,     /* not reached, reset, closed: try again */
	STREAM_TIMEOUT,     /* a deadline went by: try again */
	STREAM_TLS,         /* no agreement on TLS */
	STREAM_CERTIFICATE, /* it is not who it should be */
	STREAM_PLAINTEXT,   /* tls: none, and the peer is not this machine */
	STREAM_CONFIG,      /* ca_file cannot be read, and the like */
	STREAM_REFUSED,     /* the guard would not have it */
	STREAM_STOPPED,     /* told to stop */
};

struct stream_settings {
	const char *host; /* name or address */
	int port;
	const char *ca_file; /* NULL: the system's authorities */
	const char *label;   /* for the trace, "news/INBOX" */
	struct wake *wake;
};

/* Strings are borrowed and must outlive the stream. NULL: out of memory. */
struct stream *stream_new(const struct stream_settings *settings);
void stream_free(struct stream *s); /* closes; NULL does nothing */

/* What the next exchange may take. */
struct stream_limits {
	int64_t total_ms; /* until its end */
	int64_t idle_ms;  /* without a byte */
	uint64_t bytes;   /* of the answer */
	uint64_t literal; /* of one literal */
};

void stream_begin(struct stream *s, const struct stream_limits *limits);

/* Find the host and connect to one of its addresses. 0 or -1. */
int stream_connect(struct stream *s) __attribute__((warn_unused_result));

/* TLS 1.2 or 1.3, chain and host name verified. 0 or -1. */
int stream_start_tls(struct stream *s) __attribute__((warn_unused_result));
bool stream_has_tls(const struct stream *s);

/* Without TLS only this machine itself may be talked to. 0 or -1. */
int stream_require_loopback(struct stream *s)
	__attribute__((warn_unused_result));

/* At least one byte, or -1. */
ssize_t stream_read(struct stream *s, void *buf, size_t n);
ssize_t stream_write(struct stream *s, const void *buf, size_t n);

/* Whether GnuTLS holds bytes that poll() does not see. */
bool stream_pending(const struct stream *s);

enum stream_event {
	STREAM_DATA,  /* something to read (or the end) */
	STREAM_WOKEN, /* poked or stopped */
	STREAM_QUIET, /* ms went by */
};

/* Wait for the server to speak: the middle of IDLE. */
enum stream_event stream_wait(struct stream *s, int64_t ms);

/* While on, what is sent and received is not shown in the trace. */
void stream_secret(struct stream *s, bool on);

/* While on, a NAMESPACE response passes: libetpan must not get to see it. */
void stream_namespaces(struct stream *s, bool on);

/* Fail from now on, for this reason. The first reason stays. */
void stream_kill(struct stream *s, enum stream_fault fault, const char *why);

enum stream_fault stream_fault(const struct stream *s);

/* For a person: "the certificate has expired"; "" when nothing failed. */
const char *stream_error(const struct stream *s);

/* The words of the server's last BYE, or "". */
const char *stream_bye(const struct stream *s);

#endif
