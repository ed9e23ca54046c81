internal import Accounts
internal import SQLiteDriver
internal import SessionCore

/// The writing verbs of service keys.
extension SQLiteWriter {
  func insertKey(
    name: ExactText, scopes: Set<ServiceScope>, expires: Timestamp?, digest: [UInt8], by actor: Actor, now: Timestamp
  ) throws(StoreError) -> ServiceKey {
    try step { () throws(StoreError) in
      let key = try changedKey(ServiceKeyRow.insert) { statement in
        statement.bind(utf8: Hexadecimal.encode(digest), at: 1)
        statement.bind(name.string, at: 2)
        statement.bind(ServiceKeyRow.text(scopes), at: 3)
        statement.bind(now.milliseconds, at: 4)
        statement.bind(expires?.milliseconds, at: 5)
      }
      guard let key else { throw StoreError(.corrupt, "Two service keys can't have one digest.") }
      try record([.created(key, by: actor, at: now)])
      return key
    }
  }

  func revokeKey(_ id: Int64, by actor: Actor, now: Timestamp) throws(StoreError) -> ServiceKey? {
    try step { () throws(StoreError) in
      let key = try changedKey("DELETE FROM service_key WHERE id = ?1 RETURNING \(ServiceKeyRow.columns)") {
        statement in
        statement.bind(id, at: 1)
      }
      if let key { try record([.revoked(key, by: actor, at: now)]) }
      return key
    }
  }

  func touchKey(_ id: Int64, at time: Timestamp) throws(StoreError) {
    try change("UPDATE service_key SET last_used = ?2 WHERE id = ?1 AND (last_used IS NULL OR last_used < ?2)") {
      $0.bind(id, at: 1)
      $0.bind(time.milliseconds, at: 2)
    }
  }

  /// Runs a statement that changes at most one key, and answers what it returns.
  private func changedKey(_ sql: String, _ bind: (SQLiteStatement) -> Void) throws(StoreError) -> ServiceKey? {
    let statement = try run { (connection) throws(SQLiteError) in try connection.statement(sql) }
    defer { statement.reset() }
    bind(statement)
    var key: ServiceKey?
    while try run({ (_) throws(SQLiteError) in try statement.step() }) { key = try ServiceKeyRow.read(statement) }
    return key
  }
}
