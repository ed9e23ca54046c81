#include "CCommonPasswords.h"

const char common_passwords[] = "password\n";
const size_t common_passwords_length = sizeof common_passwords - 1;
