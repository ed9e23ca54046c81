#pragma once

#include "Boost.hpp"
#include "CHTTPEngine.h"
#include "InputBuffer.hpp"
#include "RequestParser.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace engine {

class EventLoop;

// One client's connection: reads a request, has it answered, writes the answer, and only then looks at the next one, so
// that answers are in order and what a client may have in memory is bounded. Lives on its loop's thread alone.
class Connection {
 public:
  Connection(EventLoop& loop, Socket&& socket, void* peer, net::ssl::context* tls);
  ~Connection();
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  // Begins with the first request, or with the TLS handshake.
  void start();
  // Gives the request in progress to who answers it; once more, if that had to wait for something.
  void hand_over(uint64_t waited);
  // Takes the answer to the request in progress.
  void answer(uint8_t const* bytes, std::size_t length, bool is_kept);
  // Takes the head of an answer to the request in progress, and the pieces of its body one at a time; each answers
  // whether all was handed over at once.
  bool begin_stream(uint8_t const* bytes, std::size_t length, bool is_kept);
  bool write(uint8_t const* bytes, std::size_t length);
  // Takes the end of that body.
  void end_stream();
  // Acts if the time for what the connection is doing is over.
  void check_deadline(int64_t now);
  // The server stops: closes what is idle; a request that has begun is finished.
  void stop();
  // Ends at once, whatever is in progress.
  void close();

  // Whether the answer in progress may leave it open.
  bool is_kept() const;
  // Whether the client in progress understands a body in chunks.
  bool takes_chunks() const { return takes_chunks_; }

  EventLoop& loop() { return loop_; }

  // Its place among its loop's connections.
  std::size_t index = 0;

 private:
  enum class State { handshake, idle, head, body, handling, streaming, writing, continuing, draining, closed };

  http_connection* handle() { return reinterpret_cast<http_connection*>(this); }
  void begin_idle();
  void process();
  bool parse();
  void dispatch();
  void refuse(int32_t refusal, bool drains);
  void read();
  void did_read(error_code const& error, std::size_t count);
  void send_continue();
  void write_rest(uint8_t const* bytes, std::size_t length);
  bool write_piece();
  void did_write_piece(error_code const& error);
  void did_write();
  void shut_down();
  void drain();
  void set_deadline(int64_t milliseconds);

  friend void intrusive_ptr_add_ref(Connection* connection) { ++connection->references_; }
  friend void intrusive_ptr_release(Connection* connection) {
    if (--connection->references_ == 0) delete connection;
  }

  EventLoop& loop_;
  Socket socket_;
  std::unique_ptr<net::ssl::stream<Socket&>> tls_;
  void* peer_;
  InputBuffer input_;
  RequestParts parts_;
  std::optional<RequestParser> parser_;
  std::vector<uint8_t> output_;
  int64_t deadline_ = 0;
  std::size_t drained_ = 0;
  uint32_t references_ = 0;
  State state_ = State::handshake;
  bool wants_keep_ = false;
  bool takes_chunks_ = false;
  bool closes_after_ = false;
  bool drains_after_ = false;
  bool is_reading_ = false;
  bool is_in_callback_ = false;
  bool has_served_ = false;
  bool skipped_line_ = false;
};

using ConnectionPointer = boost::intrusive_ptr<Connection>;

}  // namespace engine
