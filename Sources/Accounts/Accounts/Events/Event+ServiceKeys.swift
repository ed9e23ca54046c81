internal import JSON
public import SessionCore

/// The entries of the log for what happens to service keys, the same from every store.
extension Event {
  /// The entry for a key that was made; the details are its name and scopes.
  public static func created(_ key: ServiceKey, by actor: Actor, at time: Timestamp) -> Event {
    Event(.keyCreated, of: key, at: time, by: actor)
  }

  /// The entry for a key that was revoked; the details are its name and scopes.
  public static func revoked(_ key: ServiceKey, by actor: Actor, at time: Timestamp) -> Event {
    Event(.keyRevoked, of: key, at: time, by: actor)
  }

  private init(_ kind: Kind, of key: ServiceKey, at time: Timestamp, by actor: Actor) {
    self.init(kind, at: time, by: actor)
    keyID = key.id
    details = JSONText { writer in
      writer.name("name")
      writer.string(key.name.string)
      writer.name("scopes")
      writer.beginArray()
      for scope in ServiceScope.allCases where key.scopes.contains(scope) { writer.string(scope.rawValue) }
      writer.endArray()
    }
  }
}
