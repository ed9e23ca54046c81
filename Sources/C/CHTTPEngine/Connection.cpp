#include "Connection.hpp"

#include "Engine.hpp"
#include "EventLoop.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace engine {
namespace {

// How long, and how much, a connection that we end is listened to, so that the answer isn't lost to a reset.
constexpr int64_t drain_time = 1000;
constexpr std::size_t drain_size = 256 * 1024;
// How long a client that has just connected has to begin its first request once the server stops.
constexpr int64_t first_request_time = 1000;
// How long a client has to take the piece that a stream was sending when the server stops.
constexpr int64_t stream_end_time = 1000;

}  // namespace

Connection::Connection(EventLoop& loop, Socket&& socket, void* peer, net::ssl::context* tls)
    : loop_(loop), socket_(std::move(socket)), peer_(peer) {
  if (tls) tls_ = std::make_unique<net::ssl::stream<Socket&>>(socket_, *tls);
}

Connection::~Connection() { loop_.callbacks().closed(peer_); }

void Connection::start() {
  set_deadline(loop_.limits().head_time);
  if (!tls_) {
    state_ = State::idle;
    process();
    return;
  }
  tls_->async_handshake(
      net::ssl::stream_base::server, [self = ConnectionPointer(this)](error_code const& error) {
        if (self->state_ != State::handshake) return;
        if (error) {
          self->loop_.count(http_cut_handshake);
          self->close();
          return;
        }
        self->state_ = State::idle;
        self->process();
      });
}

bool Connection::is_kept() const { return wants_keep_ && loop_.keeps_connections(); }

void Connection::set_deadline(int64_t milliseconds) { deadline_ = EventLoop::now() + milliseconds; }

void Connection::begin_idle() {
  state_ = State::idle;
  has_served_ = true;
  // The read that a stream has left behind points into the buffer, which holds nothing else then.
  if (!is_reading_) {
    input_.finish_request();
    input_.shrink();
  }
  parser_.reset();
  if (input_.is_empty()) set_deadline(loop_.limits().idle_time);
}

void Connection::process() {
  while (state_ == State::idle || state_ == State::head || state_ == State::body) {
    if (input_.unparsed_size() == 0 || !parse()) {
      // Reading goes on, unless the parser refused, or leave to go on is still being sent.
      if (state_ == State::idle || state_ == State::head || state_ == State::body) read();
      return;
    }
    dispatch();
  }
}

// Whether a whole request is there. If not, the state tells whether more of it is awaited.
bool Connection::parse() {
  if (state_ == State::idle) {
    state_ = State::head;
    set_deadline(loop_.limits().head_time);
    parts_.clear();
    skipped_line_ = false;
  }
  if (!parser_) {
    // One empty line before a request is ignored (RFC 9112 section 2.2): old clients send one after a body.
    if (!skipped_line_ && *input_.unparsed() == '\r') {
      if (input_.unparsed_size() == 1) return false;
      if (input_.unparsed()[1] == '\n') {
        input_.consumed(2);
        input_.finish_request();
        skipped_line_ = true;
        if (input_.unparsed_size() == 0) return false;
      }
    }
    parser_.emplace(loop_.limits(), parts_, input_.begin());
  }
  std::size_t consumed = 0;
  auto const result = parser_->parse(input_.unparsed(), input_.unparsed_size(), consumed);
  input_.consumed(consumed);
  if (result == RequestParser::Result::complete) return true;
  if (result == RequestParser::Result::refused) {
    refuse(parser_->refusal(), true);
    return false;
  }
  if (parser_->is_header_done()) {
    if (state_ == State::head) {
      state_ = State::body;
      set_deadline(loop_.limits().body_time);
    }
    if (char* const end = parser_->chunked_body_end()) input_.close_gap(end);
    if (parser_->takes_continue()) send_continue();
  }
  return false;
}

void Connection::dispatch() {
  state_ = State::handling;
  deadline_ = 0;
  wants_keep_ = parser_->keeps_connection();
  takes_chunks_ = parser_->takes_chunks();
  closes_after_ = false;
  drains_after_ = true;
  is_in_callback_ = true;
  loop_.began(this);
  hand_over(0);
  is_in_callback_ = false;
}

void Connection::hand_over(uint64_t waited) {
  http_request const request{
      .method = parts_.method,
      .is_secure = tls_ != nullptr,
      .target = reinterpret_cast<uint8_t const*>(parts_.target),
      .target_length = parts_.target_length,
      .fields = parts_.fields.data(),
      .field_count = parts_.fields.size(),
      .body = reinterpret_cast<uint8_t const*>(parts_.body),
      .body_length = parts_.body_length,
      .peer = peer_,
      .waited = waited,
  };
  loop_.callbacks().request(loop_.context(), handle(), &request);
}

void Connection::refuse(int32_t refusal, bool drains) {
  loop_.count(refusal);
  bool const is_head = parser_ && parser_->is_head();
  state_ = State::handling;
  deadline_ = 0;
  wants_keep_ = false;
  closes_after_ = true;
  drains_after_ = drains;
  is_in_callback_ = true;
  loop_.began(this);
  loop_.callbacks().refused(loop_.context(), handle(), refusal, is_head);
  is_in_callback_ = false;
}

void Connection::answer(uint8_t const* bytes, std::size_t length, bool is_kept) {
  // A connection that was closed meanwhile has nobody to tell.
  if (state_ != State::handling) return;
  if (!is_kept) closes_after_ = true;
  if (tls_) return write_rest(bytes, length);
  ssize_t const sent = ::send(socket_.native_handle(), bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    loop_.count(http_cut_hang_up);
    return close();
  }
  auto const done = sent < 0 ? std::size_t{0} : static_cast<std::size_t>(sent);
  if (done == length) return did_write();
  write_rest(bytes + done, length - done);
}

void Connection::write_rest(uint8_t const* bytes, std::size_t length) {
  output_.assign(bytes, bytes + length);
  state_ = State::writing;
  set_deadline(loop_.limits().write_time);
  auto handler = [self = ConnectionPointer(this)](error_code const& error, std::size_t) {
    if (self->state_ != State::writing) return;
    if (error) {
      self->loop_.count(http_cut_hang_up);
      return self->close();
    }
    self->output_ = {};
    self->did_write();
  };
  if (tls_) {
    net::async_write(*tls_, net::buffer(output_), std::move(handler));
  } else {
    net::async_write(socket_, net::buffer(output_), std::move(handler));
  }
}

void Connection::did_write() {
  if (closes_after_) return drains_after_ ? shut_down() : close();
  begin_idle();
  if (!is_in_callback_) process();
}

void Connection::send_continue() {
  static constexpr char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
  if (!tls_) {
    // A socket without room for 25 bytes has a client that reads nothing.
    if (::send(socket_.native_handle(), line, sizeof line - 1, MSG_NOSIGNAL | MSG_DONTWAIT) !=
        static_cast<ssize_t>(sizeof line - 1)) {
      close();
    }
    return;
  }
  state_ = State::continuing;
  net::async_write(
      *tls_, net::buffer(line, sizeof line - 1),
      [self = ConnectionPointer(this)](error_code const& error, std::size_t) {
        if (self->state_ != State::continuing) return;
        if (error) return self->close();
        self->state_ = State::body;
        self->process();
      });
}

void Connection::read() {
  if (is_reading_) return;
  std::ptrdiff_t const distance = input_.reserve();
  if (distance != 0 && parser_) parser_->move(distance);
  is_reading_ = true;
  auto handler = [self = ConnectionPointer(this)](error_code const& error, std::size_t count) {
    self->did_read(error, count);
  };
  auto const room = net::buffer(input_.free(), input_.free_size());
  if (tls_) {
    tls_->async_read_some(room, std::move(handler));
  } else {
    socket_.async_read_some(room, std::move(handler));
  }
}

void Connection::did_read(error_code const& error, std::size_t count) {
  is_reading_ = false;
  input_.filled(count);
  if (state_ == State::streaming) {
    // Bytes are of the next request, which waits; with any of them at hand, nothing more is read until its turn.
    if (count > 0 || error == net::error::operation_aborted) return;
    if (error != net::error::eof) loop_.count(http_cut_hang_up);
    return close();
  }
  if (state_ != State::idle && state_ != State::head && state_ != State::body) return;
  if (!error || count > 0) return process();
  if (error == net::error::operation_aborted && loop_.is_stopping()) {
    // `stop` took the read back. What has arrived since is a request that somebody counts on.
    error_code ignored;
    if (state_ != State::idle || socket_.available(ignored) > 0) return read();
    return close();
  }
  if (state_ == State::idle) return close();
  if (error == net::error::eof) return refuse(http_refusal_incomplete, true);
  loop_.count(http_cut_hang_up);
  close();
}

void Connection::check_deadline(int64_t now) {
  if (deadline_ == 0 || now < deadline_) return;
  switch (state_) {
    case State::head: return refuse(http_refusal_head_timeout, false);
    case State::body: return refuse(http_refusal_body_timeout, false);
    case State::handshake: loop_.count(http_cut_handshake); break;
    case State::streaming:
    case State::writing:
    case State::continuing: loop_.count(http_cut_write_timeout); break;
    default: break;
  }
  close();
}

void Connection::stop() {
  bool const is_new = state_ == State::handshake || (state_ == State::idle && !has_served_);
  if (is_new) {
    deadline_ = std::min(deadline_, EventLoop::now() + first_request_time);
  } else if (state_ == State::streaming) {
    // A client that has yet to take a piece must not hold the stop up.
    if (deadline_ != 0) deadline_ = std::min(deadline_, EventLoop::now() + stream_end_time);
    loop_.callbacks().interrupted(loop_.context(), handle(), true);
  } else if (state_ == State::idle && is_reading_) {
    // Not closed at once: a read that is already done still delivers its bytes, and a request with them.
    error_code ignored;
    socket_.cancel(ignored);
  }
}

void Connection::shut_down() {
  state_ = State::draining;
  set_deadline(drain_time);
  if (!tls_) return drain();
  tls_->async_shutdown([self = ConnectionPointer(this)](error_code const&) {
    if (self->state_ == State::draining) self->drain();
  });
}

// Sends the end, then reads and forgets until the client's: closing over unread bytes would reset the connection, and
// the client might never see its answer (RFC 9112 section 9.6).
void Connection::drain() {
  error_code ignored;
  if (drained_ == 0) socket_.shutdown(Socket::shutdown_send, ignored);
  socket_.async_read_some(
      net::buffer(loop_.scratch()), [self = ConnectionPointer(this)](error_code const& error, std::size_t count) {
        if (self->state_ != State::draining) return;
        self->drained_ += count;
        if (error || self->drained_ > drain_size) return self->close();
        self->drain();
      });
}

void Connection::close() {
  if (state_ == State::closed) return;
  ConnectionPointer const self(this);
  bool const was_streaming = state_ == State::streaming;
  state_ = State::closed;
  error_code ignored;
  socket_.close(ignored);
  loop_.remove(*this);
  if (was_streaming) loop_.callbacks().interrupted(loop_.context(), handle(), false);
}

}  // namespace engine
