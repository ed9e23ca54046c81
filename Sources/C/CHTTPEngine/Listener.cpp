#include "Listener.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace engine {
namespace {

constexpr int backlog = 4096;

int32_t code_of(int number) {
  switch (number) {
    case EADDRINUSE: return http_failure_address_in_use;
    case EACCES:
    case EPERM: return http_failure_not_permitted;
    case EADDRNOTAVAIL: return http_failure_not_resolvable;
    default: return http_failure_system;
  }
}

bool set(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

int32_t port_of(int socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return -1;
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

// A bound TCP socket, or -1 with errno. The first one of an address claims it alone, so that a second process on the
// same port is told instead of silently taking half of the connections; those of our other loops then join it.
int bind_tcp(sockaddr const* address, socklen_t length, bool is_first) {
  int const socket = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return -1;
  bool good = set(socket, SOL_SOCKET, SO_REUSEADDR, 1) && set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  if (address->sa_family == AF_INET6) good = good && set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (!is_first) good = good && set(socket, SOL_SOCKET, SO_REUSEPORT, 1);
  good = good && bind(socket, address, length) == 0;
  if (is_first) good = good && set(socket, SOL_SOCKET, SO_REUSEPORT, 1);
  if (good) return socket;
  int const number = errno;
  close(socket);
  errno = number;
  return -1;
}

bool someone_listens(sockaddr_un const& address) {
  int const probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return true;
  int const result = connect(probe, reinterpret_cast<sockaddr const*>(&address), sizeof address);
  bool const is_stale = result != 0 && (errno == ECONNREFUSED || errno == ENOENT);
  close(probe);
  return !is_stale;
}

}  // namespace

void fail(http_failure* failure, int32_t code, int number) {
  char text[200];
  fail(failure, code, strerror_r(number, text, sizeof text));
}

void fail(http_failure* failure, int32_t code, char const* reason) {
  failure->code = code;
  std::snprintf(failure->reason, sizeof failure->reason, "%s", reason);
}

Listener::~Listener() {
  for (int socket : sockets) {
    // The loops have taken those that are -1.
    if (socket >= 0) close(socket);
  }
  if (!sockets.empty()) remove_file();
}

void Listener::remove_file() {
  struct stat found {};
  if (!path.empty() && lstat(path.c_str(), &found) == 0 && found.st_dev == device && found.st_ino == inode) {
    unlink(path.c_str());
  }
  path.clear();
}

bool Listener::open_tcp(char const* host, uint16_t wanted, int count, http_failure* failure) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  int const result = getaddrinfo(host, std::to_string(wanted).c_str(), &hints, &found);
  if (result != 0) {
    fail(failure, http_failure_not_resolvable, gai_strerror(result));
    return false;
  }
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> const owner(found, freeaddrinfo);
  int number = 0;
  for (addrinfo* each = found; each; each = each->ai_next) {
    int const first = bind_tcp(each->ai_addr, each->ai_addrlen, true);
    if (first < 0) {
      // The first address is the one that was meant; a host without IPv6 still gets its IPv4 one.
      if (number == 0) number = errno;
      continue;
    }
    sockets.push_back(first);
    family = each->ai_family;
    port = port_of(first);
    sockaddr_storage address{};
    std::memcpy(&address, each->ai_addr, each->ai_addrlen);
    if (family == AF_INET6) {
      reinterpret_cast<sockaddr_in6*>(&address)->sin6_port = htons(static_cast<uint16_t>(port));
    } else {
      reinterpret_cast<sockaddr_in*>(&address)->sin_port = htons(static_cast<uint16_t>(port));
    }
    for (int index = 1; index < count; ++index) {
      int const socket = bind_tcp(reinterpret_cast<sockaddr*>(&address), each->ai_addrlen, false);
      if (socket < 0) {
        fail(failure, code_of(errno), errno);
        return false;
      }
      sockets.push_back(socket);
    }
    for (int socket : sockets) {
      if (listen(socket, backlog) != 0) {
        fail(failure, code_of(errno), errno);
        return false;
      }
    }
    return true;
  }
  fail(failure, code_of(number), number);
  return false;
}

bool Listener::open_unix(char const* wanted, mode_t mode, int count, http_failure* failure) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (std::strlen(wanted) >= sizeof address.sun_path) {
    fail(failure, http_failure_path_too_long, ENAMETOOLONG);
    return false;
  }
  std::strcpy(address.sun_path, wanted);
  struct stat found {};
  if (lstat(wanted, &found) == 0) {
    if (!S_ISSOCK(found.st_mode)) {
      fail(failure, http_failure_not_a_socket, EEXIST);
      return false;
    }
    if (someone_listens(address)) {
      fail(failure, http_failure_address_in_use, EADDRINUSE);
      return false;
    }
    unlink(wanted);
  }
  int const socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // The socket's own mode becomes the file's, less the umask, so that at no moment is it open to more than was asked.
  if (socket < 0 || fchmod(socket, mode) != 0 ||
      bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || chmod(wanted, mode) != 0 ||
      lstat(wanted, &found) != 0 || listen(socket, backlog) != 0) {
    fail(failure, code_of(errno), errno);
    if (socket >= 0) close(socket);
    return false;
  }
  sockets.push_back(socket);
  family = AF_UNIX;
  path = wanted;
  device = found.st_dev;
  inode = found.st_ino;
  // Unix sockets can't share a name, so the loops share one socket through descriptors of their own.
  for (int index = 1; index < count; ++index) {
    int const copy = fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) {
      fail(failure, http_failure_system, errno);
      return false;
    }
    sockets.push_back(copy);
  }
  return true;
}

}  // namespace engine
