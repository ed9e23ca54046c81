#include "RequestRules.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace engine {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

char lowercased(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is_port(std::string_view value) {
  if (value.size() > 5) return false;
  int number = 0;
  for (char c : value) {
    if (!is_digit(c)) return false;
    number = number * 10 + (c - '0');
  }
  return number <= 65535;
}

bool is_ipv6(std::string_view value) {
  char text[INET6_ADDRSTRLEN + 1];
  in6_addr address;
  if (value.size() >= sizeof text) return false;
  std::memcpy(text, value.data(), value.size());
  text[value.size()] = 0;
  return std::memchr(text, 0, value.size()) == nullptr && inet_pton(AF_INET6, text, &address) == 1;
}

}  // namespace

bool is_host(std::string_view value) {
  if (!value.empty() && value.front() == '[') {
    std::size_t const end = value.find(']');
    if (end == std::string_view::npos || !is_ipv6(value.substr(1, end - 1))) return false;
    std::string_view const rest = value.substr(end + 1);
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  }
  std::size_t index = 0;
  while (index < value.size() && value[index] != ':') {
    char const c = value[index];
    if (!is_letter(c) && !is_digit(c) && c != '-' && c != '.' && c != '_') return false;
    ++index;
  }
  if (index == 0 || index > 255) return false;
  return index == value.size() || is_port(value.substr(index + 1));
}

bool is_content_length(std::string_view value) {
  // 18 digits always fit; a length that needs more is over any limit, but it is not a number that we can hold.
  if (value.empty() || value.size() > 18) return false;
  for (char c : value) {
    if (!is_digit(c)) return false;
  }
  return true;
}

bool is_target(std::string_view value) {
  for (char c : value) {
    if (c <= 0x20 || c >= 0x7F || c == '#') return false;
  }
  return true;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t index = 0; index < left.size(); ++index) {
    if (lowercased(left[index]) != lowercased(right[index])) return false;
  }
  return true;
}

bool is_forbidden_in_trailer(std::string_view name) {
  static constexpr std::string_view forbidden[] = {
      "content-length", "transfer-encoding", "host",          "connection",    "te",     "trailer", "expect",
      "authorization",  "cookie",            "content-type",  "cache-control", "origin", "range",   "content-encoding",
      "if-match",       "if-none-match",     "upgrade",       "max-forwards",  "pragma", "content-range"};
  for (std::string_view other : forbidden) {
    if (equals_ignoring_case(name, other)) return true;
  }
  return false;
}

}  // namespace engine
