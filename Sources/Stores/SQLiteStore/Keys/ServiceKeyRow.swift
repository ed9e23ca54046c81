internal import Accounts
internal import SQLiteDriver
internal import SessionCore

/// A service key as columns: their order, binding and reading.
///
/// The digest, in hexadecimal, is in none of the columns that are read with a key.
enum ServiceKeyRow {
  /// The columns of ``read(_:)``.
  static let columns = "id, name, scopes, created, expires, last_used"

  /// Adds a key; a digest that is taken adds none.
  static let insert = """
    INSERT INTO service_key (digest, name, scopes, created, expires) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (digest) DO NOTHING RETURNING \(columns)
    """

  /// Reads a row of ``columns``.
  static func read(_ row: SQLiteStatement) throws(StoreError) -> ServiceKey {
    guard let name = row.text(1), let words = row.text(2) else { throw damaged }
    var scopes: Set<ServiceScope> = []
    for word in words.split(separator: " ") {
      // A scope that is not understood must not be less than what was granted, nor more.
      guard let scope = ServiceScope(rawValue: String(word)) else { throw damaged }
      scopes.insert(scope)
    }
    return ServiceKey(
      id: row.int(0), name: ExactText(name), scopes: scopes, created: Timestamp(milliseconds: row.int(3)),
      expires: row.optionalInt(4).map(Timestamp.init(milliseconds:)),
      lastUsed: row.optionalInt(5).map(Timestamp.init(milliseconds:)))
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
