#include "RequestParser.hpp"

#include "RequestRules.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace engine {

namespace http = boost::beast::http;

namespace {

std::string_view plain(boost::beast::string_view text) { return {text.data(), text.size()}; }

int32_t number_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return http_method_get;
    case http::verb::head: return http_method_head;
    case http::verb::post: return http_method_post;
    case http::verb::put: return http_method_put;
    case http::verb::patch: return http_method_patch;
    case http::verb::delete_: return http_method_delete;
    case http::verb::options: return http_method_options;
    default: return http_method_other;
  }
}

}  // namespace

void RequestParts::move(std::ptrdiff_t distance) {
  if (distance == 0) return;
  for (http_field& field : fields) {
    field.name += distance;
    field.value += distance;
  }
  if (target) target += distance;
  if (body) body += distance;
}

RequestParser::RequestParser(http_limits const& limits, RequestParts& parts, char const* begin)
    : limits_(limits), parts_(parts), begin_(begin) {
  // Ours is the limit that speaks, so Beast's are only a floor beneath it.
  header_limit(static_cast<std::uint32_t>(limits.request_line + limits.fields_size + 1024));
  body_limit(limits.body_size);
  eager(true);
}

RequestParser::Result RequestParser::parse(char const* data, std::size_t size, std::size_t& consumed) {
  consumed = 0;
  if (size == 0) return Result::needs_more;
  code error;
  consumed = put(boost::asio::const_buffer(data, size), error);
  if (!error && is_done()) return Result::complete;
  if (error && error != http::error::need_more) {
    if (refusal_ < 0) refusal_ = refusal_for(error, data + consumed, size - consumed);
    return Result::refused;
  }
  std::size_t const waiting = size - consumed;
  if (!is_header_done()) {
    head_size_ += consumed;
    if (!has_request_line_ && waiting > limits_.request_line && !std::memchr(data, '\n', limits_.request_line)) {
      refusal_ = http_refusal_target_too_long;
      return Result::refused;
    }
    if (head_size_ + waiting > limits_.request_line + limits_.fields_size) {
      refusal_ = http_refusal_fields_too_large;
      return Result::refused;
    }
  } else if (chunked() && waiting > limits_.request_line) {
    // The line of a chunk's size, or the trailer: neither has a good reason to be long.
    refusal_ = in_trailer_ ? http_refusal_trailer : http_refusal_chunk;
    return Result::refused;
  }
  return Result::needs_more;
}

void RequestParser::move(std::ptrdiff_t distance) {
  parts_.move(distance);
  begin_ += distance;
  if (host_.data()) host_ = {host_.data() + distance, host_.size()};
  if (authority_.data()) authority_ = {authority_.data() + distance, authority_.size()};
}

bool RequestParser::takes_continue() {
  bool const expects = expects_continue_ && is_header_done() && parts_.body == nullptr;
  if (is_header_done()) expects_continue_ = false;
  return expects;
}

void RequestParser::on_request_impl(http::verb verb, view, view target, int version, code& error) {
  has_request_line_ = true;
  parts_.method = number_of(verb);
  parts_.target = target.data();
  parts_.target_length = target.size();
  is_http_1_0_ = version == 10;
  // Method, target, two spaces, the version and CR LF are one line.
  auto const line = static_cast<std::size_t>(target.data() + target.size() - begin_) + 11;
  if (line > limits_.request_line) return refuse(http_refusal_target_too_long, error);
  if (verb == http::verb::connect) return refuse(http_refusal_method, error);
  judge_target(error);
}

void RequestParser::judge_target(code& error) {
  std::string_view target{parts_.target, parts_.target_length};
  if (!is_target(target)) return refuse(http_refusal_target, error);
  if (target.front() == '/') return;
  if (target == "*") {
    if (parts_.method != http_method_options) refuse(http_refusal_target, error);
    return;
  }
  // The absolute form (RFC 9112 section 3.2.2): its authority has to be the Host, and the rest is the target.
  std::size_t prefix = 0;
  if (equals_ignoring_case(target.substr(0, 7), "http://")) prefix = 7;
  if (equals_ignoring_case(target.substr(0, 8), "https://")) prefix = 8;
  if (prefix == 0) return refuse(http_refusal_target, error);
  std::size_t const end = std::min(target.find_first_of("/?", prefix), target.size());
  authority_ = {target.data() + prefix, end - prefix};
  if (!is_host(plain(authority_))) return refuse(http_refusal_target, error);
  if (end == target.size()) {
    // The path may be left out; the slash before the authority stands for it.
    parts_.target += prefix - 1;
    parts_.target_length = 1;
  } else if (target[end] == '/') {
    parts_.target += end;
    parts_.target_length -= end;
  } else {
    refuse(http_refusal_target, error);
  }
}

void RequestParser::on_field_impl(http::field name, view text, view value, code& error) {
  // Beast joins folded lines, in its own memory if both have text. So a value that doesn't follow its name's colon and
  // some white space on the same line was folded.
  char const* between = text.data() + text.size() + 1;
  auto const distance = static_cast<std::size_t>(value.data() - between);
  if (distance > limits_.fields_size) return refuse(http_refusal_field_folded, error);
  for (; between != value.data(); ++between) {
    if (*between != ' ' && *between != '\t') return refuse(http_refusal_field_folded, error);
  }
  if (in_trailer_) {
    if (is_forbidden_in_trailer(plain(text))) refuse(http_refusal_trailer, error);
    return;
  }
  if (parts_.fields.size() >= limits_.field_count) return refuse(http_refusal_fields_too_large, error);
  switch (name) {
    case http::field::host:
      if (host_count_++ > 0) return refuse(http_refusal_host_repeated, error);
      if (!is_host(plain(value))) return refuse(http_refusal_host_malformed, error);
      host_ = value;
      break;
    case http::field::content_length:
      if (encoding_count_ > 0) return refuse(http_refusal_two_framings, error);
      if (length_count_++ > 0) return refuse(http_refusal_content_length_repeated, error);
      if (!is_content_length(plain(value))) return refuse(http_refusal_content_length, error);
      break;
    case http::field::transfer_encoding:
      if (length_count_ > 0) return refuse(http_refusal_two_framings, error);
      if (encoding_count_++ > 0 || is_http_1_0_ || !equals_ignoring_case(plain(value), "chunked")) {
        return refuse(http_refusal_transfer_encoding, error);
      }
      break;
    case http::field::expect:
      if (is_http_1_0_) break;
      if (!equals_ignoring_case(plain(value), "100-continue")) return refuse(http_refusal_expectation, error);
      expects_continue_ = true;
      break;
    default: break;
  }
  parts_.fields.push_back({
      reinterpret_cast<uint8_t const*>(text.data()), text.size(),
      reinterpret_cast<uint8_t const*>(value.data()), value.size()});
}

void RequestParser::on_header_impl(code& error) {
  if (host_count_ == 0 && !is_http_1_0_) return refuse(http_refusal_host_missing, error);
  if (!authority_.empty() && host_count_ > 0 && !equals_ignoring_case(plain(authority_), plain(host_))) {
    return refuse(http_refusal_host_differs, error);
  }
  std::size_t size = 0;
  for (http_field const& field : parts_.fields) size += field.name_length + field.value_length + 4;
  if (size > limits_.fields_size) refuse(http_refusal_fields_too_large, error);
}

std::size_t RequestParser::on_body_impl(view piece, code&) {
  if (parts_.body == nullptr) parts_.body = const_cast<char*>(piece.data());
  // A body in chunks is decoded where it lies, over the lines between them.
  char* const end = parts_.body + parts_.body_length;
  if (end != piece.data()) std::memmove(end, piece.data(), piece.size());
  parts_.body_length += piece.size();
  return piece.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, view extensions, code& error) {
  if (!extensions.empty()) return refuse(http_refusal_chunk_extension, error);
  if (size == 0) in_trailer_ = true;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, view piece, code& error) {
  return on_body_impl(piece, error);
}

void RequestParser::refuse(int32_t refusal, code& error) {
  refusal_ = refusal;
  error = http::error::bad_field;
}

int32_t RequestParser::refusal_for(code const& error, char const* data, std::size_t size) const {
  if (error == http::error::bad_line_ending) return http_refusal_line_ending;
  if (error == http::error::header_limit) {
    return has_request_line_ ? http_refusal_fields_too_large : http_refusal_target_too_long;
  }
  if (error == http::error::body_limit) return http_refusal_body_too_large;
  if (error == http::error::bad_chunk_extension) return http_refusal_chunk_extension;
  if (error == http::error::bad_chunk) return http_refusal_chunk;
  if (error == http::error::multiple_content_length) return http_refusal_content_length_repeated;
  if (error == http::error::bad_content_length) {
    if (in_trailer_) return http_refusal_trailer;
    if (encoding_count_ > 0) return http_refusal_two_framings;
    return length_count_ > 0 ? http_refusal_content_length_repeated : http_refusal_content_length;
  }
  if (error == http::error::bad_transfer_encoding) {
    if (in_trailer_) return http_refusal_trailer;
    return length_count_ > 0 ? http_refusal_two_framings : http_refusal_transfer_encoding;
  }
  if (!has_request_line_) return refusal_of_line({data, size}, error == http::error::bad_target);
  return in_trailer_ ? http_refusal_trailer : http_refusal_field;
}

int32_t RequestParser::refusal_of_line(std::string_view line, bool is_of_target) {
  std::size_t const end = line.find('\n');
  if (end != std::string_view::npos) {
    if (end == 0 || line[end - 1] != '\r') return http_refusal_line_ending;
    line = line.substr(0, end - 1);
  }
  if (line.find('\r') != std::string_view::npos) return http_refusal_line_ending;
  std::size_t const space = line.rfind(' ');
  std::string_view const version = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  bool const is_version = version.size() == 8 && version.substr(0, 5) == "HTTP/" && version[6] == '.' &&
                          version[5] >= '0' && version[5] <= '9' && version[7] >= '0' && version[7] <= '9';
  if (is_version && version != "HTTP/1.1" && version != "HTTP/1.0") return http_refusal_version;
  return is_version && is_of_target ? http_refusal_target : http_refusal_request_line;
}

}  // namespace engine
