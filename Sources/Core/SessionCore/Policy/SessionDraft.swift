public import JSON

/// What a caller asks for when it opens a session.
public struct SessionDraft: Sendable, Equatable {
  /// Whose session: 1 to 255 bytes.
  public var userID: ExactText
  /// A name to show.
  public var userName: ExactText?
  /// The client's address.
  public var address: ExactText?
  /// The client's program.
  public var client: ExactText?
  /// The User-Agent.
  public var userAgent: ExactText?
  /// What the session is for.
  public var kind: ExactText?
  /// A status of the caller's own.
  public var status: ExactText?
  /// JSON about the user.
  public var user: JSONText?
  /// JSON of the session.
  public var data: JSONText?
  /// The caller's own idle time; `nil` takes the policy's.
  public var idleTimeout: TimeSpan?
  /// The caller's own lifetime; `nil` takes the policy's.
  public var lifetime: TimeSpan?
  /// Whether the user asked to be remembered, which takes the policy's longer times.
  public var isRemembered = false
  /// How the user proved who they are.
  public var loginMethod: ExactText?
  /// When the user proved it.
  public var authTime: Timestamp?

  /// A draft for a user, with nothing else in it.
  public init(userID: ExactText) { self.userID = userID }
}
