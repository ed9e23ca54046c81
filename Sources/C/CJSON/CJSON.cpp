#include "CJSON.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include <simdjson.h>

namespace {

/// Beyond this a thread gives back what one large text made it take.
constexpr size_t kept_bytes = size_t(1) << 20;
/// Up to so many names are compared each with each; more are sorted first.
constexpr uint64_t few_names = 12;

struct Fault {
  cjson_status status;
  size_t offset;
};

cjson_status status_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return CJSON_SIZE;
    case simdjson::DEPTH_ERROR: return CJSON_DEPTH;
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE: return CJSON_NUMBER;
    case simdjson::UTF8_ERROR: return CJSON_ENCODING;
    case simdjson::EMPTY: return CJSON_EMPTY;
    case simdjson::STRING_ERROR:
    case simdjson::UNESCAPED_CHARS:
    case simdjson::UNCLOSED_STRING: return CJSON_STRING;
    default: return CJSON_SYNTAX;
  }
}

/// Walks simdjson's tape and the text side by side: the tape says what comes next, the text where it is.
///
/// The text has been found valid before, so that the walk need not look out for its end: a value follows where the tape
/// has one. The tape's layout is described in https://github.com/simdjson/simdjson/blob/master/doc/tape.md
class Walk {
 public:
  std::vector<cjson_node> nodes;
  std::vector<uint8_t> text;
  std::vector<uint8_t> decoded;

  void reset(const uint8_t *new_source, size_t new_length, const simdjson::dom::document &document, size_t depth) {
    source = new_source;
    length = new_length;
    tape = document.tape.get();
    strings = document.string_buf.get();
    maximum_depth = depth;
    at = 0;
    written = 0;
    nodes.clear();
    decoded.clear();
    open.clear();
    // The minified text is never longer, so that no write below needs a check.
    if (text.size() < length) text.resize(length);
  }

  size_t text_length() const { return written; }

  size_t storage() const { return text.capacity() + decoded.capacity() + nodes.capacity() * sizeof(cjson_node); }

  void run() {
    // Entry 0 is the root and says where the tape ends.
    const size_t last = payload(tape[0]) - 1;
    size_t i = 1;
    while (i < last) {
      const uint64_t entry = tape[i];
      const uint8_t type = uint8_t(entry >> 56);
      if (type == '}' || type == ']') {
        skip_space();
        copy(1);
        close();
        i += 1;
        continue;
      }
      separate();
      switch (type) {
        case '{':
        case '[': begin(type == '{'); i += 1; break;
        case '"': string(payload(entry)); i += 1; break;
        case 'l': number(CJSON_NODE_SIGNED, tape[i + 1]); i += 2; break;
        case 'u': number(CJSON_NODE_UNSIGNED, tape[i + 1]); i += 2; break;
        case 'd': number(CJSON_NODE_DOUBLE, tape[i + 1]); i += 2; break;
        case 't': literal(CJSON_NODE_TRUE, 4); i += 1; break;
        case 'f': literal(CJSON_NODE_FALSE, 5); i += 1; break;
        case 'n': literal(CJSON_NODE_NULL, 4); i += 1; break;
        default: throw Fault{CJSON_SYNTAX, at};
      }
    }
    for (cjson_node &node : nodes) {
      // Decoded strings stand behind the text, whose length is known only now.
      if (node.kind == CJSON_NODE_STRING && (node.payload & escaped)) {
        node.payload = (node.payload & ~escaped) + written;
      }
    }
  }

 private:
  struct Open {
    uint32_t node;
    bool is_object;
    /// Whether a name was read and its value is next.
    bool has_name;
  };

  /// Marks a string's payload as counted from the start of the decoded bytes; a text is too short to need this bit.
  static constexpr uint64_t escaped = uint64_t(1) << 31;

  const uint8_t *source = nullptr;
  size_t length = 0;
  const uint64_t *tape = nullptr;
  const uint8_t *strings = nullptr;
  size_t maximum_depth = 0;
  size_t at = 0;
  size_t written = 0;
  std::vector<Open> open;
  std::vector<std::pair<std::string_view, uint32_t>> names;

  static size_t payload(uint64_t entry) { return size_t(entry & ((uint64_t(1) << 56) - 1)); }

  static bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

  void skip_space() {
    while (at < length && is_space(source[at])) at += 1;
  }

  void copy(size_t count) {
    // Can't happen as long as simdjson and this walk agree on the text; if they ever don't, that must not corrupt
    // memory.
    if (count > length - at) throw Fault{CJSON_SYNTAX, at};
    std::memcpy(text.data() + written, source + at, count);
    written += count;
    at += count;
  }

  /// Steps over the comma or the colon before the next name or value.
  void separate() {
    skip_space();
    if (!open.empty()) {
      Open &around = open.back();
      cjson_node &container = nodes[around.node];
      if (around.has_name || container.payload > 0) {
        copy(1);
        skip_space();
      }
      if (around.is_object && !around.has_name) {
        around.has_name = true;
        container.payload += 1;
      } else {
        around.has_name = false;
        if (!around.is_object) container.payload += 1;
      }
    }
  }

  void add(uint32_t kind, size_t start, uint64_t payload) {
    nodes.push_back({uint32_t(start), uint32_t(written), uint32_t(nodes.size() + 1), kind, payload});
  }

  void literal(uint32_t kind, size_t count) {
    const size_t start = written;
    copy(count);
    add(kind, start, 0);
  }

  void number(uint32_t kind, uint64_t bits) {
    const size_t start = written;
    size_t end = at;
    while (end < length && !is_space(source[end]) && source[end] != ',' && source[end] != ']' && source[end] != '}') {
      end += 1;
    }
    copy(end - at);
    add(kind, start, bits);
  }

  void string(size_t offset) {
    uint32_t count;
    std::memcpy(&count, strings + offset, sizeof count);
    const uint8_t *bytes = strings + offset + sizeof count;
    const size_t start = written;
    if (count > length - at || length - at - count < 2) throw Fault{CJSON_SYNTAX, at};
    if (std::memchr(source + at + 1, '\\', count) == nullptr) {
      // An escape is never shorter than what it stands for, so that one would begin within the decoded length.
      copy(count + 2);
      add(CJSON_NODE_STRING, start, uint64_t(count) << 32 | (start + 1));
      return;
    }
    size_t end = at + 1;
    while (end < length && source[end] != '"') end += source[end] == '\\' ? 2 : 1;
    if (end >= length) throw Fault{CJSON_SYNTAX, at};
    copy(end + 1 - at);
    add(CJSON_NODE_STRING, start, uint64_t(count) << 32 | escaped | decoded.size());
    decoded.insert(decoded.end(), bytes, bytes + count);
  }

  void begin(bool is_object) {
    if (open.size() >= maximum_depth) throw Fault{CJSON_DEPTH, at};
    open.push_back({uint32_t(nodes.size()), is_object, false});
    const size_t start = written;
    copy(1);
    add(is_object ? CJSON_NODE_OBJECT : CJSON_NODE_ARRAY, start, 0);
  }

  void close() {
    const Open closed = open.back();
    open.pop_back();
    cjson_node &node = nodes[closed.node];
    node.end = uint32_t(written);
    node.next = uint32_t(nodes.size());
    if (closed.is_object && node.payload > 1) refuse_duplicates(closed.node);
  }

  std::string_view name(uint32_t index) const {
    const cjson_node &node = nodes[index];
    const size_t start = size_t(node.payload & (escaped - 1));
    const uint8_t *base = (node.payload & escaped) ? decoded.data() : text.data();
    return {reinterpret_cast<const char *>(base + start), size_t(node.payload >> 32)};
  }

  void refuse_duplicates(uint32_t object) {
    names.clear();
    const uint32_t end = nodes[object].next;
    for (uint32_t i = object + 1; i < end; i = nodes[i + 1].next) names.emplace_back(name(i), i);
    if (names.size() <= few_names) {
      for (size_t i = 1; i < names.size(); i += 1) {
        for (size_t j = 0; j < i; j += 1) {
          if (names[i].first == names[j].first) throw Fault{CJSON_DUPLICATE_NAME, origin(names[i].second)};
        }
      }
      return;
    }
    std::sort(names.begin(), names.end());
    for (size_t i = 1; i < names.size(); i += 1) {
      if (names[i].first == names[i - 1].first) throw Fault{CJSON_DUPLICATE_NAME, origin(names[i].second)};
    }
  }

  /// Where in the source the node's minified text came from: found by reading again, since only a refusal asks.
  size_t origin(uint32_t index) const {
    size_t left = nodes[index].start;
    bool in_string = false;
    size_t i = 0;
    while (i < length) {
      const uint8_t byte = source[i];
      if (in_string || !is_space(byte)) {
        if (left == 0) break;
        left -= 1;
        if (in_string && byte == '\\') {
          // The escaped character is stepped over, so that an escaped quote ends nothing.
          if (left == 0) break;
          left -= 1;
          i += 1;
        } else if (byte == '"') {
          in_string = !in_string;
        }
      }
      i += 1;
    }
    return i;
  }
};

/// What a thread keeps between two texts.
struct Workshop {
  simdjson::dom::parser parser;
  std::vector<uint8_t> padded;
  Walk walk;
};

Workshop &workshop() {
  // A pointer, so that one thread's large text can be forgotten by making a new workshop.
  static thread_local std::unique_ptr<Workshop> kept;
  if (!kept || kept->padded.capacity() + kept->walk.storage() > kept_bytes * 2) kept = std::make_unique<Workshop>();
  return *kept;
}

}  // namespace

void cjson_parse(const uint8_t *bytes, size_t length, size_t maximum_depth, cjson_result *result) {
  *result = cjson_result{CJSON_VALID, -1, nullptr, 0, nullptr, 0, nullptr, 0};
  if (length > size_t(INT32_MAX) - simdjson::SIMDJSON_PADDING) {
    result->status = CJSON_SIZE;
    return;
  }
  if (length == 0) {
    result->status = CJSON_EMPTY;
    return;
  }
  if (length >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
    result->status = CJSON_ENCODING;
    result->fault = 0;
    return;
  }
  try {
    Workshop &shop = workshop();
    const size_t needed = length + simdjson::SIMDJSON_PADDING;
    if (shop.padded.size() < needed) shop.padded.resize(needed);
    std::memcpy(shop.padded.data(), bytes, length);
    std::memset(shop.padded.data() + length, ' ', simdjson::SIMDJSON_PADDING);
    const simdjson::error_code error = shop.parser.parse(shop.padded.data(), length, false).error();
    if (error != simdjson::SUCCESS) {
      result->status = status_of(error);
      return;
    }
    Walk &walk = shop.walk;
    walk.reset(
        shop.padded.data(), length, shop.parser.doc, std::min(maximum_depth, size_t(CJSON_DEPTH_CEILING)));
    walk.run();
    result->nodes = walk.nodes.data();
    result->node_count = walk.nodes.size();
    result->text = walk.text.data();
    result->text_length = walk.text_length();
    result->decoded = walk.decoded.data();
    result->decoded_length = walk.decoded.size();
  } catch (const Fault &fault) {
    result->status = fault.status;
    result->fault = int64_t(fault.offset);
  } catch (const std::bad_alloc &) {
    result->status = CJSON_SIZE;
  }
}
