#include "ReadOperation.hpp"

#include "Connection.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace engine {

ReadOperation::ReadOperation(Connection& connection)
    : net::detail::reactor_op({}, &ReadOperation::do_perform, &ReadOperation::do_complete), connection_(connection) {}

bool ReadOperation::receive() {
  auto const room = connection_.room();
  ssize_t count = 0;
  do {
    count = ::recv(connection_.descriptor(), room.data(), room.size(), MSG_DONTWAIT);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) return false;
  is_exhausted_ = count < static_cast<ssize_t>(room.size());
  bytes_transferred_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  if (count < 0) ec_ = error_code(errno, boost::system::system_category());
  if (count == 0) ec_ = net::error::eof;
  return true;
}

net::detail::reactor_op::status ReadOperation::do_perform(net::detail::reactor_op* base) {
  auto* const self = static_cast<ReadOperation*>(base);
  if (!self->receive()) return not_done;
  return self->is_exhausted_ ? done_and_exhausted : done;
}

void ReadOperation::do_complete(void* owner, net::detail::operation* base, error_code const&, std::size_t) {
  auto* const self = static_cast<ReadOperation*>(base);
  // The reference that `Connection::read` took.
  ConnectionPointer const connection(&self->connection_, false);
  if (owner) connection->did_read(self->ec_, self->bytes_transferred_);
}

}  // namespace engine
