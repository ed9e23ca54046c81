#include "Engine.hpp"

#include <signal.h>

#include <system_error>
#include <thread>
#include <utility>

namespace engine {

Engine::Engine(int32_t threads, http_limits const& given, http_callbacks const& functions)
    : limits(given), callbacks(functions) {
  for (int index = 0; index < threads; ++index) loops_.push_back(std::make_unique<EventLoop>(*this, index));
}

bool Engine::load_certificate(char const* chain, char const* key, http_failure* failure) {
  Certificate const certificate = engine::load_certificate(chain, key, failure);
  if (!certificate) return false;
  for (auto& loop : loops_) loop->use(certificate);
  return true;
}

int32_t Engine::listen_tcp(char const* host, uint16_t port, bool is_secure, http_failure* failure) {
  Listener& listener = listeners_.emplace_back();
  listener.is_secure = is_secure;
  return listener.open_tcp(host, port, static_cast<int>(loops_.size()), failure) ? listener.port : -1;
}

bool Engine::listen_unix(char const* path, mode_t mode, http_failure* failure) {
  return listeners_.emplace_back().open_unix(path, mode, static_cast<int>(loops_.size()), failure);
}

int32_t Engine::start(void* const* contexts) {
  for (auto& loop : loops_) {
    for (Listener& listener : listeners_) loop->listen(listener);
  }
  // Signals are the program's affair: a thread that inherits a full mask never gets one.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::size_t started = 0;
  try {
    for (; started < loops_.size(); ++started) {
      std::thread([self = shared_from_this(), index = started, context = contexts[started]] {
        self->loops_[index]->run(context);
      }).detach();
    }
  } catch (std::system_error const&) {
    // No more threads to be had.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return static_cast<int32_t>(started);
}

void Engine::stop() {
  is_stopping.store(true);
  for (Listener& listener : listeners_) listener.remove_file();
  for (auto& loop : loops_) loop->stop();
}

}  // namespace engine

namespace {

std::shared_ptr<engine::Engine>& shared(http_engine* engine) {
  return *reinterpret_cast<std::shared_ptr<engine::Engine>*>(engine);
}

engine::Engine const& shared(http_engine const* engine) {
  return **reinterpret_cast<std::shared_ptr<engine::Engine> const*>(engine);
}

}  // namespace

http_engine* http_engine_create(int32_t threads, http_limits limits, http_callbacks callbacks) {
  auto engine = std::make_shared<engine::Engine>(threads, limits, callbacks);
  return reinterpret_cast<http_engine*>(new std::shared_ptr<engine::Engine>(std::move(engine)));
}

bool http_engine_load_certificate(http_engine* engine, char const* chain, char const* key, http_failure* failure) {
  return shared(engine)->load_certificate(chain, key, failure);
}

int32_t http_engine_listen_tcp(
    http_engine* engine, char const* host, uint16_t port, bool is_secure, http_failure* failure) {
  return shared(engine)->listen_tcp(host, port, is_secure, failure);
}

bool http_engine_listen_unix(http_engine* engine, char const* path, uint32_t mode, http_failure* failure) {
  return shared(engine)->listen_unix(path, mode, failure);
}

int32_t http_engine_start(http_engine* engine, void* const* contexts) { return shared(engine)->start(contexts); }

void http_engine_stop(http_engine* engine) { shared(engine)->stop(); }

void http_engine_release(http_engine* engine) { delete &shared(engine); }

size_t http_engine_connection_count(http_engine const* engine) {
  return shared(engine).connection_count.load(std::memory_order_relaxed);
}

uint64_t http_engine_refusal_count(http_engine const* engine, int32_t refusal) {
  return shared(engine).refusals[static_cast<std::size_t>(refusal)].load(std::memory_order_relaxed);
}

http_loop* http_engine_loop(http_engine* engine, int32_t index) {
  return reinterpret_cast<http_loop*>(&shared(engine)->loop(index));
}

void http_loop_enqueue(http_loop* loop, void* job) { reinterpret_cast<engine::EventLoop*>(loop)->enqueue(job); }

bool http_connection_is_kept(http_connection const* connection) {
  return reinterpret_cast<engine::Connection const*>(connection)->is_kept();
}

void http_connection_ask_again(http_connection* connection, uint64_t waited) {
  auto* const asked = reinterpret_cast<engine::Connection*>(connection);
  asked->loop().ask_again(asked, waited);
}

void http_connection_answer(http_connection* connection, uint8_t const* bytes, size_t length, bool is_kept) {
  auto* const answered = reinterpret_cast<engine::Connection*>(connection);
  engine::EventLoop& loop = answered->loop();
  answered->answer(bytes, length, is_kept);
  loop.ended(answered);
}

bool http_connection_takes_chunks(http_connection const* connection) {
  return reinterpret_cast<engine::Connection const*>(connection)->takes_chunks();
}

bool http_connection_begin_stream(http_connection* connection, uint8_t const* bytes, size_t length, bool is_kept) {
  return reinterpret_cast<engine::Connection*>(connection)->begin_stream(bytes, length, is_kept);
}

bool http_connection_write(http_connection* connection, uint8_t const* bytes, size_t length) {
  return reinterpret_cast<engine::Connection*>(connection)->write(bytes, length);
}

void http_connection_end_stream(http_connection* connection) {
  auto* const ended = reinterpret_cast<engine::Connection*>(connection);
  engine::EventLoop& loop = ended->loop();
  ended->end_stream();
  loop.ended(ended);
}
