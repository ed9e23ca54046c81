/// Who caused something to happen to a session, for the events and the log.
public struct Actor: Sendable, Equatable {
  /// What sort of actor.
  public enum Kind: String, Sendable {
    /// The session's own user, by token.
    case user
    /// A service or an administrator.
    case service
    /// A rule of the policy: a limit, a reuse.
    case policy
    /// The reaper, when time is up.
    case reaper
  }

  /// What sort.
  public var kind: Kind
  /// Its name, such as that of a service key.
  public var name: String?
  /// The address it called from.
  public var address: String?
  /// The id of the request it called with.
  public var requestID: String?

  /// An actor from what is known of it.
  public init(_ kind: Kind, name: String? = nil, address: String? = nil, requestID: String? = nil) {
    self.kind = kind
    self.name = name
    self.address = address
    self.requestID = requestID
  }
}
