public import SessionCore

/// What is kept of a service key; the key itself is not.
public struct ServiceKey: Sendable, Equatable {
  /// Its number: 1 and up, never given twice.
  public let id: Int64
  /// What it is called in events and the log: 1 to 255 bytes.
  public var name: ExactText
  /// What it allows.
  public var scopes: Set<ServiceScope>
  /// When it was made.
  public var created: Timestamp
  /// When it ends; `nil` for never.
  public var expires: Timestamp?
  /// When it was last used, to about a minute; `nil` for never.
  public var lastUsed: Timestamp?

  /// A key from its parts.
  public init(
    id: Int64, name: ExactText, scopes: Set<ServiceScope>, created: Timestamp, expires: Timestamp?,
    lastUsed: Timestamp?
  ) {
    self.id = id
    self.name = name
    self.scopes = scopes
    self.created = created
    self.expires = expires
    self.lastUsed = lastUsed
  }

  /// Whether the key may be used for `scope` at `now`.
  public func allows(_ scope: ServiceScope, at now: Timestamp) -> Bool {
    if let expires, now >= expires { return false }
    return scopes.contains(scope) || scopes.contains(.admin)
  }
}
