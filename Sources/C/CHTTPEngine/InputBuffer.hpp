#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

namespace engine {

// What a connection has received: one contiguous piece of memory that starts small, grows as bytes arrive and shrinks
// when the connection falls idle. Whoever keeps pointers into it moves them by what `reserve` answers.
class InputBuffer {
 public:
  static constexpr std::size_t initial = 4096;

  // The request in progress begins here.
  char* begin() { return memory_.get() + begin_; }
  // What the parser has not consumed.
  char* unparsed() { return memory_.get() + parsed_; }
  std::size_t unparsed_size() const { return end_ - parsed_; }
  // Where the next read goes.
  char* free() { return memory_.get() + end_; }
  std::size_t free_size() const { return capacity_ - end_; }
  bool is_empty() const { return begin_ == end_; }

  void filled(std::size_t count) { end_ += count; }
  void consumed(std::size_t count) { parsed_ += count; }

  // The request in progress is over.
  void finish_request() {
    begin_ = parsed_;
    if (begin_ == end_) begin_ = parsed_ = end_ = 0;
  }

  // Moves what is unparsed down to `target`, which lies in the consumed part.
  void close_gap(char* target) {
    std::memmove(target, unparsed(), unparsed_size());
    end_ = static_cast<std::size_t>(target - memory_.get()) + unparsed_size();
    parsed_ = static_cast<std::size_t>(target - memory_.get());
  }

  // Makes room for a read; answers by how much everything moved.
  std::ptrdiff_t reserve() {
    if (free_size() >= initial / 4) return 0;
    char* const old = begin();
    auto const from = reinterpret_cast<std::intptr_t>(old);
    if (begin_ > 0 && capacity_ - (end_ - begin_) >= initial / 4) {
      std::memmove(memory_.get(), old, end_ - begin_);
    } else {
      std::size_t const capacity = capacity_ == 0 ? initial : capacity_ * 2;
      std::unique_ptr<char[]> grown(new char[capacity]);
      if (end_ > begin_) std::memcpy(grown.get(), old, end_ - begin_);
      memory_ = std::move(grown);
      capacity_ = capacity;
    }
    end_ -= begin_;
    parsed_ -= begin_;
    begin_ = 0;
    return static_cast<std::ptrdiff_t>(reinterpret_cast<std::intptr_t>(memory_.get()) - from);
  }

  // Gives back what a large request took; to be called when idle.
  void shrink() {
    if (capacity_ <= initial || !is_empty()) return;
    memory_.reset();
    capacity_ = begin_ = parsed_ = end_ = 0;
  }

 private:
  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t parsed_ = 0;
  std::size_t end_ = 0;
};

}  // namespace engine
