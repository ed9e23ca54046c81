/* The list of common passwords, one a line, in lower case, sorted by bytes, embedded at build time. */
#ifndef CCOMMONPASSWORDS_H
#define CCOMMONPASSWORDS_H

#include <stddef.h>

/* The bytes of the list; they live as long as the process, and end with a line feed. */
const unsigned char *common_passwords_bytes(void);

/* How many bytes there are. */
size_t common_passwords_count(void);

#endif
