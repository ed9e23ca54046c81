public import JSON
public import SessionCore

/// Where a log-in comes from.
public struct LoginContext: Sendable {
  /// Who asks, for the event log.
  public var actor: Actor
  /// The client's address as text; an IPv6 address counts tries together with its network of 64 bits.
  public var address: String
  /// The User-Agent.
  public var userAgent: ExactText?
  /// The client's program.
  public var client: ExactText?
  /// What the session is for.
  public var kind: ExactText?
  /// What stands before the method in the session's `loginMethod`, with a dot between: nobody but a log-in can set it.
  ///
  /// By it a part of this program knows the sessions that were opened for it.
  public var purpose: String?
  /// The level that the account must have at least; one below it is refused like a wrong password.
  public var leastLevel: AccountLevel?
  /// Whether the user asked to be remembered.
  public var isRemembered: Bool
  /// The live session whose token came along; it is closed when the log-in succeeds.
  public var presented: SessionID?
  /// The session's own idle time; `nil` takes the policy's.
  public var idleTimeout: TimeSpan?
  /// The session's own lifetime; `nil` takes the policy's.
  public var lifetime: TimeSpan?
  /// Makes what the session keeps as its `user` of what a genuine id token says; nothing by default.
  ///
  /// More than a session may hold makes the log-in invalid.
  public var userContents: (@Sendable (Identity) -> JSONText?)?

  /// A context from what is always known.
  public init(
    actor: Actor, address: String, userAgent: ExactText? = nil, client: ExactText? = nil, isRemembered: Bool = false,
    presented: SessionID? = nil
  ) {
    self.actor = actor
    self.address = address
    self.userAgent = userAgent
    self.client = client
    self.isRemembered = isRemembered
    self.presented = presented
  }
}
