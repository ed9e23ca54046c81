#pragma once

#include "Boost.hpp"
#include "CHTTPEngine.h"
#include "Certificate.hpp"
#include "Connection.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace engine {

class Engine;
struct Listener;

// One thread with its own sockets, connections and timer; it shares nothing with the other loops but the engine's
// counters.
class EventLoop {
 public:
  EventLoop(Engine& engine, int index);
  EventLoop(EventLoop const&) = delete;
  EventLoop& operator=(EventLoop const&) = delete;

  // Takes its socket of a listener. Before `run`.
  void listen(Listener& listener);
  // Runs until it has been stopped and all is finished.
  void run(void* context);

  // From any thread:
  void enqueue(void* job);
  void ask_again(Connection* connection, uint64_t waited);
  void use(Certificate certificate);
  void stop();

  // For its connections, on its thread:
  http_limits const& limits() const;
  http_callbacks const& callbacks() const;
  void* context() const { return context_; }
  bool is_stopping() const { return is_stopping_; }
  // Whether a connection may still be kept after an answer.
  bool keeps_connections() const;
  std::array<char, 4096>& scratch() { return scratch_; }
  void count(int32_t refusal);
  // A request was handed over and is to be answered; the connection stays until then.
  void began(Connection* connection);
  void ended(Connection* connection);
  void remove(Connection& connection);
  // Milliseconds of the monotonic clock, to some milliseconds.
  static int64_t now();

 private:
  struct AcceptPoint {
    Acceptor acceptor;
    bool is_secure;
    Protocol::endpoint peer;
    bool is_paused = true;
  };

  void accept(AcceptPoint& point);
  void open(Socket&& socket, Protocol::endpoint const& peer, bool is_secure);
  void accept_backlog(AcceptPoint& point);
  void resume_accepting();
  void begin_stop();
  void tick();
  void sweep();
  void finish_if_done();
  void finish();

  Engine& engine_;
  int const index_;
  net::io_context io_{1};
  std::optional<net::executor_work_guard<Executor>> work_;
  Timer timer_;
  std::chrono::milliseconds tick_;
  Certificate certificate_;
  std::vector<std::unique_ptr<AcceptPoint>> points_;
  std::vector<ConnectionPointer> connections_;
  std::array<char, 4096> scratch_;
  void* context_ = nullptr;
  std::size_t in_progress_ = 0;
  int64_t grace_end_ = 0;
  bool is_stopping_ = false;
  bool is_cancelled_ = false;
  bool is_finished_ = false;
};

}  // namespace engine
