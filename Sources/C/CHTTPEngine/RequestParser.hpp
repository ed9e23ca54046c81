#pragma once

#include "CHTTPEngine.h"

#define BOOST_DISABLE_ASSERTS  // see Boost.hpp
#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace engine {

// The parts of a request while it is read; all of them point into the connection's buffer.
struct RequestParts {
  std::vector<http_field> fields;
  char const* target = nullptr;
  std::size_t target_length = 0;
  char* body = nullptr;
  std::size_t body_length = 0;
  int32_t method = http_method_other;

  void clear() {
    fields.clear();
    target = nullptr;
    target_length = 0;
    body = nullptr;
    body_length = 0;
    method = http_method_other;
  }

  // Follows the buffer as it moves.
  void move(std::ptrdiff_t distance);
};

// Beast's parser, and the rules of RFC 9112 that it leaves to its user. One for each request.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(http_limits const& limits, RequestParts& parts, char const* begin);

  enum class Result { complete, needs_more, refused };

  // Parses what has arrived; `consumed` tells how much of it is done with.
  Result parse(char const* data, std::size_t size, std::size_t& consumed);

  // Follows the buffer as it moves.
  void move(std::ptrdiff_t distance);

  // Why, after `Result::refused`.
  int32_t refusal() const { return refusal_; }
  // Whether the request line has been read, and asks for the head alone.
  bool is_head() const { return parts_.method == http_method_head; }
  // Whether the client wants to go on. One of HTTP/1.0 doesn't: it would have to be told in a field of its own.
  bool keeps_connection() const { return !is_http_1_0_ && keep_alive(); }
  // Whether the client understands a body in chunks (RFC 9112 section 6.1).
  bool takes_chunks() const { return !is_http_1_0_; }
  // Whether the client waits for leave to send its body. Asked once.
  bool takes_continue();
  // Where the decoded body ends, if it is being received in chunks; null otherwise.
  char* chunked_body_end() const { return chunked() && parts_.body ? parts_.body + parts_.body_length : nullptr; }

 private:
  using view = boost::beast::string_view;
  using code = boost::beast::error_code;

  void on_request_impl(
      boost::beast::http::verb verb, view method, view target, int version, code& error) override;
  void on_response_impl(int, view, int, code&) override {}
  void on_field_impl(boost::beast::http::field name, view text, view value, code& error) override;
  void on_header_impl(code& error) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const&, code&) override {}
  std::size_t on_body_impl(view piece, code& error) override;
  void on_chunk_header_impl(std::uint64_t size, view extensions, code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, view piece, code& error) override;
  void on_finish_impl(code&) override {}

  void refuse(int32_t refusal, code& error);
  void judge_target(code& error);
  int32_t refusal_for(code const& error, char const* data, std::size_t size) const;
  static int32_t refusal_of_line(std::string_view line, bool is_of_target);

  http_limits const& limits_;
  RequestParts& parts_;
  char const* begin_;
  view host_;
  view authority_;
  std::size_t head_size_ = 0;
  int32_t refusal_ = -1;
  std::uint8_t host_count_ = 0;
  std::uint8_t length_count_ = 0;
  std::uint8_t encoding_count_ = 0;
  bool is_http_1_0_ = false;
  bool has_request_line_ = false;
  bool expects_continue_ = false;
  bool in_trailer_ = false;
};

}  // namespace engine
