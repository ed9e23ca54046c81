#pragma once

#include "CHTTPEngine.h"

#include <sys/types.h>

#include <string>
#include <vector>

namespace engine {

// Writes a failure with what the system says of `number`.
void fail(http_failure* failure, int32_t code, int number);
// Writes a failure with a reason of its own.
void fail(http_failure* failure, int32_t code, char const* reason);

// Sockets that listen on one address: one for each loop, so that the kernel spreads the connections and no lock is
// shared.
struct Listener {
  std::vector<int> sockets;
  int family = 0;
  bool is_secure = false;
  int32_t port = -1;
  // The file of a Unix socket and what identifies it, so that only our own is removed.
  std::string path;
  dev_t device = 0;
  ino_t inode = 0;

  Listener() = default;
  Listener(Listener&&) = default;
  Listener& operator=(Listener&&) = default;
  Listener(Listener const&) = delete;
  ~Listener();

  // Removes the file of a Unix socket, unless somebody has put another there.
  void remove_file();

  bool open_tcp(char const* host, uint16_t port, int count, http_failure* failure);
  bool open_unix(char const* path, mode_t mode, int count, http_failure* failure);
};

}  // namespace engine
