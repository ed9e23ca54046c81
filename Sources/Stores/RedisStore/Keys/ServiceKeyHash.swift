internal import Accounts
internal import SessionCore

/// A service key as the fields of a hash: their names, writing and reading.
///
/// The digest, in hexadecimal, is not read with a key.
enum ServiceKeyHash {
  /// The fields of a service key that is new.
  static func fields(
    name: ExactText, scopes: Set<ServiceScope>, created: Timestamp, expires: Timestamp?
  ) -> [(name: String, value: String)] {
    var fields = [("name", name.string), ("scopes", text(scopes)), ("created", String(created.milliseconds))]
    if let expires { fields.append(("expires", String(expires.milliseconds))) }
    return fields
  }

  /// Reads a service key.
  static func read(_ id: Int64, _ fields: HashFields) throws(StoreError) -> ServiceKey {
    guard let name = try fields.exactText("name"), let words = try fields.text("scopes"),
      let created = try fields.int("created")
    else { throw damaged }
    var scopes: Set<ServiceScope> = []
    for word in words.split(separator: " ") {
      // A scope that is not understood must not be less than what was granted, nor more.
      guard let scope = ServiceScope(rawValue: String(word)) else { throw damaged }
      scopes.insert(scope)
    }
    return ServiceKey(
      id: id, name: name, scopes: scopes, created: Timestamp(milliseconds: created),
      expires: try fields.int("expires").map(Timestamp.init(milliseconds:)),
      lastUsed: try fields.int("last_used").map(Timestamp.init(milliseconds:)))
  }

  /// The digest as it is kept.
  static func text(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
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

  /// What fields that no version of this store has written are answered with.
  static var damaged: StoreError {
    StoreError(.corrupt, "The session database holds a service key that can't be read.")
  }

  /// The scopes as they are kept: words, in the order of their declaration.
  private static func text(_ scopes: Set<ServiceScope>) -> String {
    ServiceScope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: " ")
  }
}
