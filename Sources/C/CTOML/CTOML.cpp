#include "CTOML.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <new>
#include <string>
#include <string_view>
#include <vector>

// The library, not its sources a second time in here.
#define TOML_HEADER_ONLY 0
#define TOML_SHARED_LIB 1
#include <toml++/toml.h>

struct ctoml_file {
  std::vector<ctoml_entry> entries;
  /// The texts that entries point to; a deque, so that they stay where they are.
  std::deque<std::string> texts;
  std::string refusal;
  uint32_t refusal_line = 0;
  bool is_refused = false;
};

namespace {

constexpr size_t largest_file = size_t(1) << 20;
// The library walks a dotted key by calling itself once for each of its parts, and a key ends with its line.
constexpr size_t longest_line = size_t(16) << 10;
// No setting lies deeper than three; what does is told by its table.
constexpr int deepest_table = 8;

/// The line that is too long, counted from 1, or 0 if there is none.
uint32_t overlong_line(std::string_view text) {
  uint32_t line = 1;
  for (size_t start = 0; start < text.size(); line++) {
    const size_t end = std::min(text.find('\n', start), text.size());
    if (end - start > longest_line) return line;
    start = end + 1;
  }
  return 0;
}

const std::string &keep(ctoml_file &file, std::string text) {
  file.texts.push_back(std::move(text));
  return file.texts.back();
}

void add(ctoml_file &file, const std::string &key, const toml::node &node, int depth);

void add_members(ctoml_file &file, const std::string &prefix, const toml::table &table, int depth) {
  for (const auto &[name, node] : table) {
    add(file, prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str()), node, depth + 1);
  }
}

void add(ctoml_file &file, const std::string &key, const toml::node &node, int depth) {
  const std::string &kept = keep(file, key);
  ctoml_entry entry = {CTOML_OTHER, kept.data(), kept.size(), nullptr, 0, 0, node.source().begin.line};
  if (const auto *string = node.as_string()) {
    const std::string &text = keep(file, string->get());
    entry.kind = CTOML_STRING;
    entry.text = text.data();
    entry.text_length = text.size();
  } else if (const auto *integer = node.as_integer()) {
    entry.kind = CTOML_INTEGER;
    entry.number = integer->get();
  } else if (const auto *boolean = node.as_boolean()) {
    entry.kind = CTOML_BOOLEAN;
    entry.number = boolean->get() ? 1 : 0;
  } else if (const auto *array = node.as_array()) {
    entry.kind = CTOML_ARRAY;
    entry.number = int64_t(array->size());
  } else if (node.is_table()) {
    entry.kind = CTOML_TABLE;
  }
  file.entries.push_back(entry);
  if (const auto *table = node.as_table()) {
    if (depth < deepest_table) add_members(file, key, *table, depth);
  } else if (const auto *array = node.as_array()) {
    for (const toml::node &element : *array) {
      ctoml_entry inner = {CTOML_OTHER, kept.data(), 0, nullptr, 0, 0, element.source().begin.line};
      if (const auto *string = element.as_string()) {
        const std::string &text = keep(file, string->get());
        inner.kind = CTOML_STRING;
        inner.text = text.data();
        inner.text_length = text.size();
      }
      file.entries.push_back(inner);
    }
  }
}

}  // namespace

ctoml_file *ctoml_parse(const char *text, size_t length) {
  ctoml_file *file = new (std::nothrow) ctoml_file;
  if (file == nullptr) return nullptr;
  try {
    if (const uint32_t line = overlong_line({text, length}); line != 0) {
      file->is_refused = true;
      file->refusal = "the line has more than 16,384 bytes";
      file->refusal_line = line;
      return file;
    }
    const toml::table table = toml::parse(std::string_view(text, length));
    add_members(*file, "", table, 0);
  } catch (const toml::parse_error &error) {
    file->entries.clear();
    file->is_refused = true;
    file->refusal = std::string(error.description());
    file->refusal_line = error.source().begin.line;
  } catch (const std::bad_alloc &) {
    delete file;
    return nullptr;
  }
  return file;
}

void ctoml_free(ctoml_file *file) { delete file; }

const ctoml_entry *ctoml_entries(const ctoml_file *file, size_t *count) {
  *count = file->entries.size();
  return file->entries.data();
}

const char *ctoml_refusal(const ctoml_file *file, uint32_t *line) {
  *line = file->refusal_line;
  return file->is_refused ? file->refusal.c_str() : nullptr;
}

int ctoml_read(const char *path, char **text, size_t *length) {
  *text = nullptr;
  *length = 0;
  std::FILE *file = std::fopen(path, "rbe");
  if (file == nullptr) return errno;
  char *bytes = static_cast<char *>(std::malloc(largest_file + 1));
  int error = bytes == nullptr ? ENOMEM : 0;
  if (error == 0) {
    *length = std::fread(bytes, 1, largest_file + 1, file);
    if (std::ferror(file)) error = errno == 0 ? EIO : errno;
    if (*length > largest_file) error = EFBIG;
  }
  std::fclose(file);
  if (error == 0) {
    *text = bytes;
  } else {
    std::free(bytes);
  }
  return error;
}

void ctoml_free_text(char *text) { std::free(text); }
