// OpenSSL 3's SHA-256 block functions with their state as a plain value. They are marked deprecated in favour of
// EVP, whose contexts are allocated and looked up per use; a keyed state that is copied costs neither.
// https://docs.openssl.org/3.0/man3/SHA256_Init/
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
