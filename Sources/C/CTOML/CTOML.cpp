#include "CTOML.h"

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

const std::string &keep(ctoml_file &file, std::string text) {
  file.texts.push_back(std::move(text));
  return file.texts.back();
}

void add(ctoml_file &file, const std::string &key, const toml::node &node);

void add_members(ctoml_file &file, const std::string &prefix, const toml::table &table) {
  for (const auto &[name, node] : table) {
    add(file, prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str()), node);
  }
}

void add(ctoml_file &file, const std::string &key, const toml::node &node) {
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
    add_members(file, key, *table);
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
    const toml::table table = toml::parse(std::string_view(text, length));
    add_members(*file, "", table);
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
