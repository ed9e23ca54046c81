#include "Certificate.hpp"

#include "Listener.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <unistd.h>

#include <cerrno>

namespace engine {
namespace {

// Takes HTTP/1.1 from what the client offers; one that offers other protocols alone is told so (RFC 7301 section 3.2).
int choose_protocol(
    SSL*, unsigned char const** chosen, unsigned char* length, unsigned char const* offered, unsigned int size, void*) {
  static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* match = nullptr;
  if (SSL_select_next_proto(&match, length, ours, sizeof ours, offered, size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

void fail_with_openssl(http_failure* failure, int32_t code) {
  char text[200];
  ERR_error_string_n(ERR_peek_last_error(), text, sizeof text);
  ERR_clear_error();
  fail(failure, code, text);
}

}  // namespace

Certificate load_certificate(char const* chain, char const* key, http_failure* failure) {
  if (access(chain, R_OK) != 0) return fail(failure, http_failure_certificate_unreadable, errno), nullptr;
  if (access(key, R_OK) != 0) return fail(failure, http_failure_key_unreadable, errno), nullptr;
  ERR_clear_error();
  auto certificate = std::make_shared<net::ssl::context>(net::ssl::context::tls_server);
  SSL_CTX* const context = certificate->native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                   SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // An idle connection gives its buffers back.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return fail_with_openssl(failure, http_failure_system), nullptr;
  }
  if (SSL_CTX_use_certificate_chain_file(context, chain) != 1) {
    return fail_with_openssl(failure, http_failure_certificate_invalid), nullptr;
  }
  if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
    bool const differs = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    return fail_with_openssl(failure, differs ? http_failure_key_mismatch : http_failure_key_invalid), nullptr;
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return fail_with_openssl(failure, http_failure_key_mismatch), nullptr;
  }
  return certificate;
}

}  // namespace engine
