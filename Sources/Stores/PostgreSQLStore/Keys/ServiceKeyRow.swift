internal import Accounts
internal import PostgreSQLDriver
internal import SessionCore

/// A service key as columns: their order, binding and reading.
///
/// The digest, in hexadecimal, is in none of the columns that are read with a key.
enum ServiceKeyRow {
  /// The columns of ``read(_:)``.
  static let columns = "id, name, scopes, created, expires, last_used"

  /// Reads a row of ``columns``.
  static func read(_ row: PostgreSQLRow) throws(StoreError) -> ServiceKey {
    guard let id = row.int(0), let name = try row.exactText(1, or: damaged), let words = row.text(2),
      let created = row.time(3)
    else {
      throw damaged
    }
    var scopes: Set<ServiceScope> = []
    for word in words.split(separator: " ") {
      // A scope that is not understood must not be less than what was granted, nor more.
      guard let scope = ServiceScope(rawValue: String(word)) else { throw damaged }
      scopes.insert(scope)
    }
    return ServiceKey(
      id: id, name: name, scopes: scopes, created: created,
      expires: row.time(4), lastUsed: row.time(5))
  }

  /// The scopes as they are kept: words, in the order of their declaration.
  static func text(_ scopes: Set<ServiceScope>) -> String {
    ServiceScope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: " ")
  }

  /// Reads a digest as it is kept.
  static func digest(_ text: String?) throws(StoreError) -> [UInt8] {
    guard let text, text.utf8.count == 64, let digest = Hexadecimal.decode(text.utf8) else { throw damaged }
    return digest
  }

  private static var damaged: StoreError {
    StoreError(.corrupt, "The session database holds a service key that can't be read.")
  }
}
