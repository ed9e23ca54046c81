public import JSON

/// One entry of the event log: something that happened, to whom, by whom and why.
///
/// Never holds a credential, a password or a token.
public struct Event: Sendable, Equatable {
  /// What happened.
  public enum Kind: String, Sendable, CaseIterable {
    /// A session was opened.
    case sessionOpened = "session.opened"
    /// A session's token was renewed.
    case sessionRenewed = "session.renewed"
    /// A session's user, data, user name, status or kind was changed.
    case sessionChanged = "session.changed"
    /// A session ended; the reason is its close reason.
    case sessionClosed = "session.closed"
    /// A session's row was removed before its retention was over.
    case sessionRemoved = "session.removed"
    /// A user logged in; the reason is the method.
    case loginSucceeded = "login.succeeded"
    /// A log-in was refused; the reason is the cause, which the client is never told.
    case loginRefused = "login.refused"
    /// An account was created.
    case accountCreated = "account.created"
    /// An account was changed; the details say which members.
    case accountChanged = "account.changed"
    /// An account got a password, or another one.
    case passwordChanged = "account.password_changed"
    /// An account was deleted.
    case accountRemoved = "account.removed"
    /// A service key was made.
    case keyCreated = "key.created"
    /// A service key was revoked.
    case keyRevoked = "key.revoked"
  }

  /// What happened.
  public var kind: Kind
  /// When; for a session whose time was up, its deadline.
  public var time: Timestamp
  /// Who caused it.
  public var actor: Actor
  /// The session that it is about.
  public var sessionID: SessionID?
  /// The user that it is about; for an account, its id as decimal text.
  public var userID: ExactText?
  /// The service key that it is about.
  public var keyID: Int64?
  /// Why: a close reason, a log-in method, the cause of a refusal.
  public var reason: String?
  /// More, as a JSON object; at most a few hundred bytes.
  public var details: JSONText?

  /// An event about nothing in particular yet.
  public init(_ kind: Kind, at time: Timestamp, by actor: Actor, reason: String? = nil) {
    self.kind = kind
    self.time = time
    self.actor = actor
    self.reason = reason
  }
}

/// An event with its place in the log.
public struct LoggedEvent: Sendable, Equatable {
  /// Its number: later entries have higher ones, and the numbers may have gaps.
  public var number: Int64
  /// What happened.
  public var event: Event

  /// An entry from its parts.
  public init(number: Int64, event: Event) {
    self.number = number
    self.event = event
  }
}

/// A piece of the log, in its order.
public struct EventPage: Sendable, Equatable {
  /// The entries that were asked for.
  public var entries: [LoggedEvent]
  /// The number after which the next page begins: that of the last entry looked at, asked for or not.
  public var next: Int64
  /// Whether more entries follow already.
  public var hasMore: Bool

  /// A page from its parts.
  public init(entries: [LoggedEvent], next: Int64, hasMore: Bool) {
    self.entries = entries
    self.next = next
    self.hasMore = hasMore
  }
}
