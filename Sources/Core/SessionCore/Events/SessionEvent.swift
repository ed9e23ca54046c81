/// Something that happened to a session, told after it is stored.
public struct SessionEvent: Sendable, Equatable {
  /// What happened.
  public enum Change: Sendable, Equatable {
    /// It was opened.
    case opened
    /// Its token was renewed.
    case renewed
    /// Its user, data, user name, status or kind was changed.
    case updated
    /// It ended.
    case closed(CloseReason)
    /// Its row was removed before its retention was over.
    case removed
  }

  /// What happened.
  public var change: Change
  /// To which session.
  public var sessionID: SessionID
  /// Whose session it is.
  public var userID: ExactText
  /// When; for a session whose time was up, its deadline.
  public var time: Timestamp
  /// Who caused it.
  public var actor: Actor

  /// An event from its parts.
  public init(_ change: Change, of session: Session, at time: Timestamp, by actor: Actor) {
    self.change = change
    sessionID = session.id
    userID = session.userID
    self.time = time
    self.actor = actor
  }
}

/// Where events go.
///
/// Called after the change is stored, on the caller's thread: it must not wait.
public protocol SessionEventSink: Sendable {
  /// Takes one event.
  func record(_ event: SessionEvent)
}

/// A sink that keeps nothing.
public struct NoEvents: SessionEventSink {
  /// The only one there is.
  public init() {}
  /// Forgets the event.
  public func record(_ event: SessionEvent) {}
}
