#pragma once

#include "Boost.hpp"
#include "CHTTPEngine.h"

#include <memory>

namespace engine {

using Certificate = std::shared_ptr<net::ssl::context>;

// A context for TLS 1.2 and 1.3 with that chain and key (PEM files), or null with what is wrong with them.
Certificate load_certificate(char const* chain, char const* key, http_failure* failure);

}  // namespace engine
