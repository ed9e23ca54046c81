#pragma once

#include "CHTTPEngine.h"
#include "Certificate.hpp"
#include "EventLoop.hpp"
#include "Listener.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace engine {

// The loops, and what they share: settings that don't change, and counters.
class Engine : public std::enable_shared_from_this<Engine> {
 public:
  Engine(int32_t threads, http_limits const& limits, http_callbacks const& callbacks);

  bool load_certificate(char const* chain, char const* key, http_failure* failure);
  int32_t listen_tcp(char const* host, uint16_t port, bool is_secure, http_failure* failure);
  bool listen_unix(char const* path, mode_t mode, http_failure* failure);
  int32_t start(void* const* contexts);
  void stop();
  EventLoop& loop(int32_t index) { return *loops_[static_cast<std::size_t>(index)]; }

  http_limits const limits;
  http_callbacks const callbacks;
  std::atomic<std::size_t> connection_count{0};
  // Set before the loops are told, so that no answer promises more once `stop` has returned.
  std::atomic<bool> is_stopping{false};
  std::array<std::atomic<uint64_t>, http_refusal_count> refusals{};

 private:
  std::deque<Listener> listeners_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
};

}  // namespace engine
