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

  /// The digest as it is kept.
  static func text(_ digest: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Reads a digest as it is kept.
  static func digest(_ text: String?) throws(StoreError) -> [UInt8] {
    let digits = Array((text ?? "").utf8)
    guard digits.count == 64 else { throw damaged }
    var digest: [UInt8] = []
    for place in stride(from: 0, to: 64, by: 2) {
      guard let high = value(of: digits[place]), let low = value(of: digits[place + 1]) else { throw damaged }
      digest.append(high << 4 | low)
    }
    return digest
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    default: nil
    }
  }

  private static var damaged: StoreError {
    StoreError(.corrupt, "The session database holds a service key that can't be read.")
  }
}
