internal import Accounts
internal import SQLiteDriver
internal import SessionCore

/// The writing verbs of what logging in must remember.
extension SQLiteWriter {
  func countAttempt(_ rules: [AttemptRule], now: Timestamp) throws(StoreError) -> AttemptVerdict {
    var wait = TimeSpan.zero
    for rule in rules { wait = max(wait, AttemptCount.wait(rule, after: try attempts(rule.key), now: now)) }
    // A try that is refused writes nothing, so that guessing costs no disk.
    guard wait == .zero else { return .refused(retryAfter: wait) }
    return try step { () throws(StoreError) in
      for rule in rules {
        let next = AttemptCount.next(rule, after: try attempts(rule.key), now: now)
        try change(
          """
          INSERT INTO login_attempt (key, count, end_time, not_before) VALUES (?1, ?2, ?3, ?4)
          ON CONFLICT (key) DO UPDATE
          SET count = excluded.count, end_time = excluded.end_time, not_before = excluded.not_before
          """
        ) { statement in
          statement.bind(rule.key, at: 1)
          statement.bind(Int64(next.count), at: 2)
          statement.bind(next.end.milliseconds, at: 3)
          statement.bind(next.notBefore.milliseconds, at: 4)
        }
      }
      return .allowed
    }
  }

  private func attempts(_ key: String) throws(StoreError) -> AttemptCount? {
    let statement = try connection().prepared("SELECT count, end_time, not_before FROM login_attempt WHERE key = ?1")
    defer { statement.reset() }
    statement.bind(key, at: 1)
    guard try statement.next() else { return nil }
    // The next try adds one to the count.
    return AttemptCount(
      count: Int(clamping: min(max(0, statement.int(0)), .max - 1)), end: Timestamp(milliseconds: statement.int(1)),
      notBefore: Timestamp(milliseconds: statement.int(2)))
  }

  func forgetAttempts(_ keys: [String]) throws(StoreError) {
    try step { () throws(StoreError) in
      for key in keys { try change("DELETE FROM login_attempt WHERE key = ?1") { $0.bind(key, at: 1) } }
    }
  }

  func returnAttempts(_ keys: [String]) throws(StoreError) {
    try step { () throws(StoreError) in
      for key in keys {
        try change("UPDATE login_attempt SET count = count - 1 WHERE key = ?1 AND count > 0") { $0.bind(key, at: 1) }
      }
    }
  }

  func useOnce(_ key: String, until end: Timestamp) throws(StoreError) -> Bool {
    try change("INSERT INTO used_once (key, end_time) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING") { statement in
      statement.bind(key, at: 1)
      statement.bind(end.milliseconds, at: 2)
    } > 0
  }

  func purgeLoginNotes(now: Timestamp, limit: Int) throws(StoreError) -> Int {
    guard limit > 0 else { return 0 }
    let removed = try step { () throws(StoreError) in
      var removed = 0
      for table in ["login_attempt", "used_once"] {
        removed += try change(
          """
          DELETE FROM \(table) WHERE key IN (
            SELECT key FROM \(table) INDEXED BY \(table)_by_end WHERE end_time <= ?1 ORDER BY end_time LIMIT ?2)
          """
        ) { statement in
          statement.bind(now.milliseconds, at: 1)
          statement.bind(Int64(limit - removed), at: 2)
        }
      }
      return removed
    }
    try giveBack(after: removed, of: limit)
    return removed
  }
}
