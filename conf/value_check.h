/* What texts of each type may be: NULL, or what is wrong ("must be ..."). */
#ifndef VALUE_CHECK_H
#define VALUE_CHECK_H

const char *value_check_text(const char *text);
const char *value_check_name(const char *text);
const char *value_check_host(const char *text);
const char *value_check_secret(const char *text);
const char *value_check_path(const char *text);
const char *value_check_folder(const char *text);
const char *value_check_header(const char *text);
const char *value_check_pattern(const char *text);
const char *value_check_address(const char *text);
const char *value_check_sender(const char *text);
const char *value_check_glob(const char *text);
const char *value_check_mark(const char *text); /* "Name: glob" */
const char *value_check_domain(const char *text);
const char *value_check_server(const char *text); /* address[:port] */
/* An IMAP flag: a keyword (RFC 3501, atom), or one that loses no mail. */
const char *value_check_keyword(const char *text);

#endif
