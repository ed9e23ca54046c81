/* The passwords, one a line, of eight ASCII characters or more, in lower case, sorted by bytes: those of the lists of
   Django 5.2 and zxcvbn 4.5, whose licences permit it and stand in LICENSES.txt. */

#include "CCommonPasswords.h"

/* #embed is C23; the compilers of the day know it before they call themselves that. */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char common_passwords[] = {
#embed "common-passwords.txt"
};

const unsigned char *common_passwords_bytes(void) { return common_passwords; }

size_t common_passwords_count(void) { return sizeof common_passwords; }
