/// What became of an insertion.
public enum InsertOutcome: Sendable, Equatable {
  /// The session was added; the sessions closed in the same step, as stored afterwards: those evicted to make room for
  /// it, and those that were open though their time was up.
  case inserted(closed: [Session])
  /// The user has as many live sessions as the limit allows, and the limit says to deny.
  case limitReached
  /// The id is taken.
  case duplicate
}

/// What became of a closing.
public struct CloseOutcome: Sendable, Equatable {
  /// Whether this call closed it; `false` if it was not alive any more.
  public var isClosedNow: Bool
  /// Whether this call wrote down the end of one whose time was up before; never together with ``isClosedNow``.
  public var isEndedNow: Bool
  /// The session as stored afterwards.
  public var session: Session

  /// An outcome from its parts.
  public init(isClosedNow: Bool, isEndedNow: Bool = false, session: Session) {
    self.isClosedNow = isClosedNow
    self.isEndedNow = isEndedNow
    self.session = session
  }
}

/// A request time to be kept.
public struct SessionTouch: Sendable, Equatable {
  /// Whose.
  public var id: SessionID
  /// When the last request was processed.
  public var requestTime: Timestamp

  /// A touch from its parts.
  public init(id: SessionID, requestTime: Timestamp) {
    self.id = id
    self.requestTime = requestTime
  }
}
