#ifndef SESAME_GATHERED_LOG_H
#define SESAME_GATHERED_LOG_H

#include <sqlite3.h>
#include <string.h>

// A file system for SQLite (https://www.sqlite.org/vfs.html) that hands a transaction's pages to the kernel in a few
// large writes.
//
// SQLite appends each page to its write-ahead log with two small writes, which together cost more than all else that
// a page costs. Here what is written to the log gathers in memory, and reaches the real file when it is as much as
// fits, and before anything else is done with the log: before a read, a change of its length, and above all a
// synchronization. A commit is announced to others only after that (https://www.sqlite.org/walformat.html), provided
// that `synchronous` is FULL: only such connections may use it. All other files are the real file system's own.

// Less than 128 KiB, which is more than SQLite's file system for Unix writes at once.
enum { GATHERED_LOG_CAPACITY = 120 * 1024 };

typedef struct GatheredLog {
  sqlite3_file file;
  sqlite3_int64 start;
  int count;
  unsigned char *held;
  // Last, since the real file takes as much room behind it as it needs.
  sqlite3_file real;
} GatheredLog;

// Where the file system below is noted; in a function, since Swift emits no variable of a header.
static sqlite3_vfs **gathered_log_real(void) {
  static sqlite3_vfs *real;
  return &real;
}

// Writes what is held. What fails is let go of: the transaction fails with it, and the next begins at the same place.
static int gathered_log_flush(GatheredLog *log) {
  int count = log->count;
  log->count = 0;
  return count == 0 ? SQLITE_OK : log->real.pMethods->xWrite(&log->real, log->held, count, log->start);
}

static int gathered_log_close(sqlite3_file *file) {
  GatheredLog *log = (GatheredLog *)file;
  int flushed = gathered_log_flush(log);
  int closed = log->real.pMethods->xClose(&log->real);
  sqlite3_free(log->held);
  return flushed == SQLITE_OK ? closed : flushed;
}

static int gathered_log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  GatheredLog *log = (GatheredLog *)file;
  if (log->count > 0 && (offset != log->start + log->count || count > GATHERED_LOG_CAPACITY - log->count)) {
    int result = gathered_log_flush(log);
    if (result != SQLITE_OK) return result;
  }
  if (count > GATHERED_LOG_CAPACITY) return log->real.pMethods->xWrite(&log->real, bytes, count, offset);
  if (log->count == 0) log->start = offset;
  memcpy(log->held + log->count, bytes, (size_t)count);
  log->count += count;
  return SQLITE_OK;
}

static int gathered_log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  GatheredLog *log = (GatheredLog *)file;
  int result = gathered_log_flush(log);
  return result == SQLITE_OK ? log->real.pMethods->xRead(&log->real, bytes, count, offset) : result;
}

static int gathered_log_truncate(sqlite3_file *file, sqlite3_int64 size) {
  GatheredLog *log = (GatheredLog *)file;
  int result = gathered_log_flush(log);
  return result == SQLITE_OK ? log->real.pMethods->xTruncate(&log->real, size) : result;
}

static int gathered_log_sync(sqlite3_file *file, int flags) {
  GatheredLog *log = (GatheredLog *)file;
  int result = gathered_log_flush(log);
  return result == SQLITE_OK ? log->real.pMethods->xSync(&log->real, flags) : result;
}

static int gathered_log_size(sqlite3_file *file, sqlite3_int64 *size) {
  GatheredLog *log = (GatheredLog *)file;
  int result = gathered_log_flush(log);
  return result == SQLITE_OK ? log->real.pMethods->xFileSize(&log->real, size) : result;
}

static int gathered_log_control(sqlite3_file *file, int operation, void *argument) {
  GatheredLog *log = (GatheredLog *)file;
  int result = gathered_log_flush(log);
  return result == SQLITE_OK ? log->real.pMethods->xFileControl(&log->real, operation, argument) : result;
}

static int gathered_log_lock(sqlite3_file *file, int level) {
  GatheredLog *log = (GatheredLog *)file;
  return log->real.pMethods->xLock(&log->real, level);
}

static int gathered_log_unlock(sqlite3_file *file, int level) {
  GatheredLog *log = (GatheredLog *)file;
  return log->real.pMethods->xUnlock(&log->real, level);
}

static int gathered_log_is_reserved(sqlite3_file *file, int *answer) {
  GatheredLog *log = (GatheredLog *)file;
  return log->real.pMethods->xCheckReservedLock(&log->real, answer);
}

static int gathered_log_sector(sqlite3_file *file) {
  GatheredLog *log = (GatheredLog *)file;
  return log->real.pMethods->xSectorSize(&log->real);
}

static int gathered_log_device(sqlite3_file *file) {
  GatheredLog *log = (GatheredLog *)file;
  return log->real.pMethods->xDeviceCharacteristics(&log->real);
}

static int gathered_log_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *granted) {
  static const sqlite3_io_methods methods = {
      1, gathered_log_close, gathered_log_read, gathered_log_write, gathered_log_truncate, gathered_log_sync,
      gathered_log_size, gathered_log_lock, gathered_log_unlock, gathered_log_is_reserved, gathered_log_control,
      gathered_log_sector, gathered_log_device};
  (void)vfs;
  sqlite3_vfs *real = *gathered_log_real();
  if (!(flags & SQLITE_OPEN_WAL)) return real->xOpen(real, name, file, flags, granted);
  GatheredLog *log = (GatheredLog *)file;
  // Without methods the file counts as not open, and nobody closes it.
  log->file.pMethods = 0;
  int result = real->xOpen(real, name, &log->real, flags, granted);
  if (result != SQLITE_OK) {
    if (log->real.pMethods) log->real.pMethods->xClose(&log->real);
    return result;
  }
  log->start = 0;
  log->count = 0;
  log->held = (unsigned char *)sqlite3_malloc(GATHERED_LOG_CAPACITY);
  if (!log->held) {
    log->real.pMethods->xClose(&log->real);
    return SQLITE_NOMEM;
  }
  log->file.pMethods = &methods;
  return SQLITE_OK;
}

// Makes the file system known under its name, "gathered-log"; to be called once.
static inline int gathered_log_register(void) {
  static sqlite3_vfs gathered;
  sqlite3_vfs *real = sqlite3_vfs_find(0);
  if (!real) return SQLITE_ERROR;
  *gathered_log_real() = real;
  gathered = *real;
  gathered.pNext = 0;
  gathered.zName = "gathered-log";
  gathered.szOsFile += (int)sizeof(GatheredLog);
  gathered.xOpen = gathered_log_open;
  return sqlite3_vfs_register(&gathered, 0);
}

#endif
