#include "CRequestParsing.h"

#include "engine/InputBuffer.hpp"
#include "engine/RequestParser.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace {

using engine::InputBuffer;
using engine::RequestParser;
using engine::RequestParts;

http_limits const limits{
    .request_line = 8192, .fields_size = 32768, .field_count = 100, .body_size = 65536, .head_time = 0,
    .body_time = 0, .idle_time = 0, .write_time = 0, .grace_time = 0, .connections = 1};

// A request as one text, with lengths before the parts so that two can't look like one.
std::string text(RequestParts const& parts, RequestParser const& parser) {
  std::string text = std::to_string(parts.method) + (parser.keeps_connection() ? "+" : "-");
  auto const append = [&text](void const* part, std::size_t size) {
    text += " " + std::to_string(size) + ":";
    text.append(static_cast<char const*>(part), size);
  };
  append(parts.target, parts.target_length);
  for (http_field const& field : parts.fields) {
    append(field.name, field.name_length);
    append(field.value, field.value_length);
  }
  if (parts.body) append(parts.body, parts.body_length);
  return text;
}

// The requests that a connection finds before something is refused. When that is noticed may depend on the pieces: what
// is wrong with a request can be told before the rest of it is there, but need not.
std::vector<std::string> read(char const* bytes, std::size_t size, std::size_t step) {
  std::vector<std::string> requests;
  InputBuffer input;
  RequestParts parts;
  std::optional<RequestParser> parser;
  std::size_t taken = 0;
  while (taken < size) {
    std::ptrdiff_t const distance = input.reserve();
    if (distance != 0 && parser) parser->move(distance);
    std::size_t const count = std::min({input.free_size(), step, size - taken});
    std::memcpy(input.free(), bytes + taken, count);
    input.filled(count);
    taken += count;
    while (input.unparsed_size() > 0) {
      if (!parser) {
        parts.clear();
        parser.emplace(limits, parts, input.begin());
      }
      std::size_t consumed = 0;
      auto const result = parser->parse(input.unparsed(), input.unparsed_size(), consumed);
      input.consumed(consumed);
      if (result == RequestParser::Result::refused) return requests;
      if (result == RequestParser::Result::needs_more) {
        if (parser->is_header_done()) {
          if (char* const end = parser->chunked_body_end()) input.close_gap(end);
        }
        break;
      }
      requests.push_back(text(parts, *parser));
      if (!parser->keeps_connection()) return requests;
      parser.reset();
      input.finish_request();
    }
  }
  return requests;
}

}  // namespace

bool request_parsing_agrees(const uint8_t* bytes, size_t size, size_t step) {
  auto const text = reinterpret_cast<char const*>(bytes);
  return read(text, size, size) == read(text, size, step);
}
