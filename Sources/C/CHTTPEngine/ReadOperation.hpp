#pragma once

#include "Boost.hpp"

#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>

#include <cstddef>

namespace engine {

class Connection;

using Reactor = net::detail::reactor;

// A connection's read of a plain socket, which is part of the connection: nothing is allocated for it.
//
// Asio's own tries to read once more before it waits, since only an empty-handed try tells it that there is nothing
// left. A read that brings less than there is room for tells it, too (epoll(7), question 9): that is one system call
// less for each request, a twentieth of all that verifying costs. Asio has the means, but not in its public part. What
// it can't tell is an end that came together with the last bytes: see `Connection::look_again`.
class ReadOperation : public net::detail::reactor_op {
 public:
  explicit ReadOperation(Connection& connection);

  // Reads what is there; false if there is nothing yet. Of an end, `ec_` is `eof`.
  bool receive();
  // Whether the last read took all that was there.
  bool is_exhausted() const { return is_exhausted_; }

 private:
  friend class ReadableSocket;

  static status do_perform(net::detail::reactor_op* base);
  static void do_complete(void* owner, net::detail::operation* base, error_code const&, std::size_t);

  Connection& connection_;
  bool is_exhausted_ = false;
};

// A socket that takes such reads.
class ReadableSocket : public Socket {
 public:
  explicit ReadableSocket(Socket&& socket) : Socket(std::move(socket)) {}

  // Starts the read; the connection must be kept until it is done.
  void start(ReadOperation& operation, Reactor& reactor) {
    operation.ec_ = {};
    operation.bytes_transferred_ = 0;
    auto& implementation = impl_.get_implementation();
    reactor.start_op(
        Reactor::read_op, implementation.socket_, implementation.reactor_data_, &operation, true, true);
  }
};

}  // namespace engine
