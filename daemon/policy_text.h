/* The policy that is in force, in sentences: for `config check`. */
#ifndef POLICY_TEXT_H
#define POLICY_TEXT_H

#include "conf.h"
#include "out.h"

void policy_text_write(struct out *o, const struct conf *conf);

#endif
