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

  /// Reads a digest as it is kept.
  static func digest(_ text: String?) throws(StoreError) -> [UInt8] {
    guard let text, text.utf8.count == 64, let digest = Hexadecimal.decode(text.utf8) else { throw damaged }
    return digest
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
