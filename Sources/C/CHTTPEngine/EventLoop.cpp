#include "EventLoop.hpp"

#include "Engine.hpp"
#include "Listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <utility>

namespace engine {
namespace {

// How long the rest may take to end once it has been cancelled, before whoever waits for the server is let go.
constexpr int64_t cancel_time = 1000;

// The address as text, an IPv4 one that came through an IPv6 socket as what it is.
uint16_t describe(Protocol::endpoint const& peer, char (&text)[INET6_ADDRSTRLEN]) {
  auto const* address = static_cast<sockaddr const*>(peer.data());
  text[0] = 0;
  if (address->sa_family == AF_INET) {
    auto const* v4 = reinterpret_cast<sockaddr_in const*>(address);
    inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    return ntohs(v4->sin_port);
  }
  auto const* v6 = reinterpret_cast<sockaddr_in6 const*>(address);
  if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
    inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text, sizeof text);
  } else {
    inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
  }
  return ntohs(v6->sin6_port);
}

}  // namespace

EventLoop::EventLoop(Engine& engine, int index)
    : engine_(engine), index_(index), work_(net::make_work_guard(io_)), timer_(io_) {
  http_limits const& limits = engine.limits;
  int64_t const shortest =
      std::min({limits.head_time, limits.body_time, limits.idle_time, limits.write_time, limits.grace_time});
  tick_ = std::chrono::milliseconds(std::clamp<int64_t>(shortest / 4, 10, 500));
}

http_limits const& EventLoop::limits() const { return engine_.limits; }

bool EventLoop::keeps_connections() const { return !engine_.is_stopping.load(std::memory_order_relaxed); }

http_callbacks const& EventLoop::callbacks() const { return engine_.callbacks; }

void EventLoop::count(int32_t refusal) {
  engine_.refusals[static_cast<std::size_t>(refusal)].fetch_add(1, std::memory_order_relaxed);
}

int64_t EventLoop::now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return static_cast<int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

void EventLoop::listen(Listener& listener) {
  auto point = std::make_unique<AcceptPoint>(AcceptPoint{Acceptor(io_), listener.is_secure, {}});
  int& socket = listener.sockets[static_cast<std::size_t>(index_)];
  point->acceptor.assign(Protocol(listener.family, 0), std::exchange(socket, -1));
  points_.push_back(std::move(point));
}

void EventLoop::run(void* context) {
  context_ = context;
  char name[16];
  std::snprintf(name, sizeof name, "http-%d", index_);
  pthread_setname_np(pthread_self(), name);
  resume_accepting();
  tick();
  for (;;) {
    try {
      io_.run();
      break;
    } catch (std::bad_alloc const&) {
      // What was being done is lost with its connection; the others go on.
    }
  }
  connections_.clear();
  finish();
  callbacks().ended(context_);
}

void EventLoop::enqueue(void* job) {
  net::post(io_, [this, job] { callbacks().job(context_, job); });
}

void EventLoop::ask_again(Connection* connection, uint64_t waited) {
  // It stays until it is answered, and so does what was read of its request.
  net::post(io_, [connection, waited] { connection->hand_over(waited); });
}

void EventLoop::use(Certificate certificate) {
  net::post(io_, [this, certificate = std::move(certificate)]() mutable { certificate_ = std::move(certificate); });
}

void EventLoop::stop() {
  net::post(io_, [this] { begin_stop(); });
}

void EventLoop::accept(AcceptPoint& point) {
  point.is_paused = is_stopping_ || engine_.connection_count.load(std::memory_order_relaxed) >= limits().connections;
  if (point.is_paused) return;
  point.acceptor.async_accept(
      io_.get_executor(), point.peer, [this, &point](error_code const& error, Socket socket) {
        if (!error) {
          open(std::move(socket), point.peer, point.is_secure);
          accept(point);
        } else if (error == net::error::connection_aborted) {
          accept(point);
        } else {
          // Out of descriptors, say: the next tick tries again, instead of a loop that spins.
          point.is_paused = true;
        }
      });
}

void EventLoop::open(Socket&& socket, Protocol::endpoint const& peer, bool is_secure) {
  if (engine_.connection_count.fetch_add(1, std::memory_order_relaxed) >= limits().connections) {
    // Another loop took the last place between our look and the client's coming.
    engine_.connection_count.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  char text[INET6_ADDRSTRLEN];
  bool const is_network = static_cast<sockaddr const*>(peer.data())->sa_family != AF_UNIX;
  uint16_t const port = is_network ? describe(peer, text) : 0;
  void* const box = callbacks().opened(context_, is_network ? text : nullptr, port);
  ConnectionPointer const connection(
      new Connection(*this, std::move(socket), box, is_secure ? certificate_.get() : nullptr));
  connection->index = connections_.size();
  connections_.push_back(connection);
  connection->start();
  if (is_stopping_) connection->stop();
}

void EventLoop::remove(Connection& connection) {
  std::size_t const index = connection.index;
  ConnectionPointer const removed = std::move(connections_[index]);
  if (index + 1 < connections_.size()) {
    connections_[index] = std::move(connections_.back());
    connections_[index]->index = index;
  }
  connections_.pop_back();
  engine_.connection_count.fetch_sub(1, std::memory_order_relaxed);
  resume_accepting();
  finish_if_done();
}

void EventLoop::resume_accepting() {
  for (auto& point : points_) {
    if (point->is_paused && !is_stopping_) accept(*point);
  }
}

void EventLoop::began(Connection* connection) {
  intrusive_ptr_add_ref(connection);
  ++in_progress_;
}

void EventLoop::ended(Connection* connection) {
  --in_progress_;
  intrusive_ptr_release(connection);
  finish_if_done();
}

// A client whose connection waits to be accepted has been told by the kernel that it is connected: it is served.
void EventLoop::accept_backlog(AcceptPoint& point) {
  error_code error;
  point.acceptor.non_blocking(true, error);
  // No more than can have waited when the stop began: clients that keep coming must not hold it up.
  for (int left = boost::asio::socket_base::max_listen_connections; left > 0 && !error; --left) {
    Protocol::endpoint peer;
    Socket socket(io_);
    point.acceptor.accept(socket, peer, error);
    if (!error) open(std::move(socket), peer, point.is_secure);
  }
}

void EventLoop::begin_stop() {
  if (is_stopping_) return;
  is_stopping_ = true;
  grace_end_ = now() + limits().grace_time;
  for (auto& point : points_) {
    accept_backlog(*point);
    error_code ignored;
    point->acceptor.close(ignored);
  }
  for (std::size_t index = connections_.size(); index > 0; --index) {
    if (index <= connections_.size()) ConnectionPointer(connections_[index - 1])->stop();
  }
  finish_if_done();
}

void EventLoop::tick() {
  timer_.expires_after(tick_);
  timer_.async_wait([this](error_code const& error) {
    if (error || !work_) return;
    sweep();
    tick();
  });
}

void EventLoop::sweep() {
  int64_t const time = now();
  // Backwards, since a connection that ends hands its place to the last one, which has been looked at by then.
  for (std::size_t index = connections_.size(); index > 0; --index) {
    if (index <= connections_.size()) ConnectionPointer(connections_[index - 1])->check_deadline(time);
  }
  resume_accepting();
  if (!is_stopping_ || time < grace_end_) return;
  if (!is_cancelled_) {
    is_cancelled_ = true;
    while (!connections_.empty()) ConnectionPointer(connections_.back())->close();
    callbacks().cancel(context_);
  }
  if (time >= grace_end_ + cancel_time) finish();
}

void EventLoop::finish_if_done() {
  if (!is_stopping_ || !connections_.empty() || in_progress_ > 0 || !work_) return;
  work_.reset();
  timer_.cancel();
  finish();
}

void EventLoop::finish() {
  if (std::exchange(is_finished_, true)) return;
  callbacks().finished(context_);
}

}  // namespace engine
