/* The list of common passwords, one a line, sorted by bytes, embedded at build time. */
#ifndef CCOMMONPASSWORDS_H
#define CCOMMONPASSWORDS_H

#include <stddef.h>

extern const char common_passwords[];
extern const size_t common_passwords_length;

#endif
