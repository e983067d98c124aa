/*
 * An IMAP session (RFC 3501) with one selected folder. imap*.c are the only
 * files that know libetpan: it parses what the server says; what is sent,
 * waited for and believed is decided here.
 *
 * A struct imap belongs to one thread. Folder names are UTF-8 with '/' between
 * levels; the server's own delimiter, prefix and modified UTF-7 are put in
 * here. All arrays of UIDs are ascending.
 */
#ifndef IMAP_H
#define IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf.h"
#include "str.h"
#include "wake.h"

/* A failure says what to do; imap_error() says what happened. */
enum imap_rc {
	IMAP_OK = 0,
	IMAP_MSG_BAD,  /* leave these mails, go on in the folder */
	IMAP_BOX_BAD,  /* leave the folder, come back later */
	IMAP_CONN_BAD, /* the session is lost: connect again, with back-off */
	IMAP_AUTH_BAD, /* credentials refused: again, but much later */
	IMAP_CONF_BAD, /* a person must mend something first */
};

enum imap_can {
	IMAP_CAN_IDLE = 1,
	IMAP_CAN_MOVE = 2,
	IMAP_CAN_UIDPLUS = 4,
	IMAP_CAN_NAMESPACE = 8,
	IMAP_CAN_SASL_IR = 16,
	IMAP_CAN_STARTTLS = 32,
	IMAP_NO_LOGIN = 64, /* LOGINDISABLED */
};

struct imap_settings {
	const char *host, *user, *ca_file;
	const char *label; /* for logs, "news/INBOX" */
	int port;
	enum conf_tls tls;
	enum conf_auth auth;
	struct wake *wake;
};

struct imap;

/* Once, before the first thread. -1: out of memory. */
int imap_setup(void) __attribute__((warn_unused_result));

/* Strings are borrowed. NULL: out of memory. */
struct imap *imap_new(const struct imap_settings *settings);

/* Says LOGOUT where the session is in order, and closes. NULL: nothing. */
void imap_free(struct imap *im);

/* TCP, TLS (verified), greeting, capabilities: ready for imap_login(). */
enum imap_rc imap_connect(struct imap *im);

/* secret: the password or the token, as auth: says. */
enum imap_rc imap_login(struct imap *im, const char *secret);

bool imap_can(const struct imap *im, enum imap_can what);

struct imap_box {
	uint32_t uidvalidity, exists;
	bool readonly;
};

/* readonly: by EXAMINE, so that nothing here can change the folder. */
enum imap_rc imap_select(struct imap *im, const char *folder, bool readonly,
	struct imap_box *out);

/* What happened, for a person; with the server's own words. */
const char *imap_error(const struct imap *im);

/*
 * After IMAP_CONN_BAD: it was ended on this side, because of what the server
 * sent. The mail that was being fetched may be the cause.
 */
bool imap_is_poisoned(const struct imap *im);

/* The mails of a folder: three parallel arrays, ascending by UID. */
struct imap_list {
	uint32_t *uid, *size;
	int64_t *date; /* INTERNALDATE; 0: not told */
	size_t n, cap;
};

void imap_list_release(struct imap_list *list);

/* All mails from UID from on. *list is released and filled anew. */
enum imap_rc imap_list(struct imap *im, uint32_t from, struct imap_list *list);

/* One whole mail (or its beginning), of the i-th UID. Not 0: out of memory. */
typedef int imap_mail_fn(void *arg, size_t i, struct str bytes);

struct imap_fetch {
	const uint32_t *uids; /* as many as imap_fits() allows */
	size_t n;
	uint64_t bytes; /* expected */
	uint32_t limit; /* of each mail, that much; 0: whole mails */
	imap_mail_fn *fn;
	void *arg;
};

/*
 * Fetch mails without touching their flags. fn is called at most once for
 * each UID; what it was not called for did not come. Also after a failure
 * the calls that were made are valid.
 */
enum imap_rc imap_fetch(struct imap *im, const struct imap_fetch *f);

/* How many of these UIDs fit into one command. */
size_t imap_fits(const uint32_t *uids, size_t n);

/* Keep those of uids that the folder still holds; *n becomes their number. */
enum imap_rc imap_present(struct imap *im, uint32_t *uids, size_t *n);

/* Whether the folder keeps this flag or keyword for good. */
bool imap_keeps_flag(const struct imap *im, const char *flag);

/*
 * Actions on all of uids, in as many commands as needed. folder is made when
 * the server says that it is missing. IMAP_MSG_BAD: the server said no.
 */
enum imap_rc imap_flag(
	struct imap *im, const uint32_t *uids, size_t n, const char *flag);
enum imap_rc imap_move(
	struct imap *im, const uint32_t *uids, size_t n, const char *folder);
enum imap_rc imap_copy(
	struct imap *im, const uint32_t *uids, size_t n, const char *folder);
enum imap_rc imap_expunge(struct imap *im, const uint32_t *uids, size_t n);

/*
 * IDLE (RFC 2177) for at most ms, or until the server tells of new mail or
 * somebody pokes. IMAP_MSG_BAD: the server will not have it.
 */
enum imap_rc imap_idle(struct imap *im, int64_t ms, bool *news);

enum imap_rc imap_noop(struct imap *im, bool *news);

#endif
