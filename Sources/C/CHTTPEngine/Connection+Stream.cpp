// Answers whose bodies are sent in pieces, as they come to be.
#include "Connection.hpp"
#include "EventLoop.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

namespace engine {

bool Connection::begin_stream(uint8_t const* bytes, std::size_t length, bool is_kept) {
  if (state_ != State::handling) {
    // The connection was closed meanwhile: nothing will be handed over, and nobody may wait for it.
    loop_.callbacks().interrupted(loop_.context(), handle(), false);
    return false;
  }
  if (!is_kept) closes_after_ = true;
  state_ = State::streaming;
  // The request has been copied: a stream may be long, and holds no more memory than an idle connection.
  input_.finish_request();
  input_.shrink();
  parser_.reset();
  output_.assign(bytes, bytes + length);
  bool const is_done = write_piece();
  if (state_ != State::streaming) return false;
  // Only a read notices that the client hangs up.
  if (input_.unparsed_size() == 0) read();
  if (loop_.is_stopping()) stop();
  return is_done;
}

bool Connection::write(uint8_t const* bytes, std::size_t length) {
  if (state_ != State::streaming) return false;
  static constexpr std::string_view line_end = "\r\n";
  output_.clear();
  output_.reserve(length + 20);
  if (takes_chunks_) {
    char size[20];
    int const digits = std::snprintf(size, sizeof size, "%zx\r\n", length);
    output_.insert(output_.end(), size, size + digits);
  }
  output_.insert(output_.end(), bytes, bytes + length);
  if (takes_chunks_) output_.insert(output_.end(), line_end.begin(), line_end.end());
  return write_piece();
}

// Whether the whole piece went into the socket's buffer.
bool Connection::write_piece() {
  std::size_t done = 0;
  if (!tls_) {
    ssize_t const sent = ::send(socket_.native_handle(), output_.data(), output_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      loop_.count(http_cut_hang_up);
      close();
      return false;
    }
    done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
    if (done == output_.size()) {
      output_ = {};
      return true;
    }
  }
  set_deadline(loop_.limits().write_time);
  auto handler = [self = ConnectionPointer(this)](error_code const& error, std::size_t) {
    self->did_write_piece(error);
  };
  auto const rest = net::buffer(output_) + done;
  if (tls_) {
    net::async_write(*tls_, rest, std::move(handler));
  } else {
    net::async_write(socket_, rest, std::move(handler));
  }
  return false;
}

void Connection::did_write_piece(error_code const& error) {
  if (state_ != State::streaming) return;
  if (error) {
    loop_.count(http_cut_hang_up);
    return close();
  }
  output_ = {};
  deadline_ = 0;
  loop_.callbacks().written(loop_.context(), handle());
}

void Connection::end_stream() {
  if (state_ != State::streaming) return;
  state_ = State::handling;
  static constexpr std::string_view last_chunk = "0\r\n\r\n";
  auto const* const bytes = reinterpret_cast<uint8_t const*>(last_chunk.data());
  answer(bytes, takes_chunks_ ? last_chunk.size() : 0, is_kept());
}

}  // namespace engine
