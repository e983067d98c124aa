/*
 * The preset dictionary of format 1 (evidence.c): what the decisive lines of
 * bounces are made of, the commonest last. It takes a third off each row.
 * It never changes, or what is on disk cannot be read any more: a better one
 * is a new format.
 */
#ifndef EVIDENCE_WORDS_H
#define EVIDENCE_WORDS_H

static const char evidence_words[] =
	"Feedback-Type: abuse\nUser-Agent: \nVersion: 1\nOriginal-Mail-From: <"
	"Original-Rcpt-To: <Source-IP: Reported-Domain: Received-Date: "
	"List-Id: List-Unsubscribe: Message-ID: <Subject: To: <From: <"
	"message expired, delivery time expired, connection timed out, "
	"connection refused, host or domain name not found, "
	"Name service error for name= type=MX: Host not found\n"
	"4.4.7 4.4.1 4.2.2 5.2.2 552 452 over quota, mailbox full, quota "
	"exceeded, mailbox is full, try again later, temporarily deferred, "
	"rate limit, too many connections, greylisted, 421 4.7.0 451 4.7.1 "
	"Service unavailable; Client host blocked using blocked by rejected "
	"due to spam content policy reputation of IP address sender domain "
	"DMARC SPF DKIM authentication 554 5.7.1 550 5.7.1 "
	"Recipient address rejected: Access denied, undeliverable address: "
	"Requested action not taken: mailbox unavailable, not found, "
	"no such user here, unknown user, invalid recipient, "
	"User unknown in virtual mailbox table, "
	"User unknown in local recipient table, unrouteable address, "
	"mailbox is disabled, account has been disabled, is inactive, "
	"550-5.1.1 The email account that you tried to reach does not exist. "
	"Please try double-checking the recipient's email address for typos "
	"or unnecessary spaces. For more information see https://support. "
	"(in reply to end of DATA command) (in reply to RCPT TO command) "
	"host [ said: 550 5.1.1 <Sun, Sat, Fri, Thu, Wed, Tue, Mon, "
	"Dec Nov Oct Sep Aug Jul Jun May Apr Mar Feb Jan +0200 +0100 +0000 "
	"(UTC)\nReceived-From-MTA: dns; Original-Envelope-Id: \n"
	"X-Queue-ID: X-Sender: rfc822; Arrival-Date: Last-Attempt-Date: "
	"Action: delayed\nWill-Retry-Until: /INBOX uid Reporting-MTA: dns; "
	"mail.com\nFinal-Recipient: rfc822; Original-Recipient: rfc822;"
	"Action: failed\nStatus: 4.4.7\nStatus: 5.7.1\nStatus: 5.0.0\n"
	"Status: 5.1.1\nRemote-MTA: dns; mx\nDiagnostic-Code: smtp; 550 5.1.1 ";

#endif
