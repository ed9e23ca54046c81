#pragma once

#include <cstddef>
#include <string_view>

namespace engine {

// Whether a Host value is `uri-host [ ":" port ]` (RFC 9110 section 7.2): a name of letters, digits, "-", "." and "_",
// an IPv4 address or a bracketed IPv6 one. No user, path, list or white space.
bool is_host(std::string_view value);

// Whether a Content-Length is digits alone that fit (RFC 9112 section 6.3); "+5" and "5, 5" are not.
bool is_content_length(std::string_view value);

// Whether a target has only the visible ASCII characters that a URI may have, and no fragment.
bool is_target(std::string_view value);

// Compares without regard to the case of ASCII letters.
bool equals_ignoring_case(std::string_view left, std::string_view right);

// Whether the names are those of fields that say how a message is framed, routed or processed, which a trailer must not
// hold (RFC 9110 section 6.5.1).
bool is_forbidden_in_trailer(std::string_view name);

}  // namespace engine
