/// One session, as the store keeps it.
///
/// What a reader is shown is ``settled(at:)``: whether a session lives is a matter of its times, not of whether the
/// reaper has been by.
public struct Session: Sendable {
  /// The public id.
  public var id: SessionID
  /// Whose session it is: 1 to 255 bytes.
  public var userID: ExactText
  /// When it was opened.
  public var openTime: Timestamp
  /// When its last request was processed.
  public var requestTime: Timestamp
  /// When its token was last renewed; the open time before the first renewal.
  public var renewTime: Timestamp
  /// When it ended; `nil` while it is open.
  public var closeTime: Timestamp?
  /// Why it ended; `nil` while it is open.
  public var closeReason: CloseReason?
  /// How long it lives without a request.
  public var idleTimeout: TimeSpan
  /// How long it lives in all.
  public var lifetime: TimeSpan
  /// Which token of the session is the valid one; raised by each renewal.
  public var generation: UInt32
  /// Whether the user asked to be remembered.
  public var isRemembered: Bool
  /// Raised by each write but a touch; the key of optimistic concurrency.
  public var revision: Int64
  /// What a session may lack, shared by its copies; `nil` if it lacks all of it.
  var particulars: SessionParticulars?

  /// A session that begins at `openTime`, in generation 0 and revision 1.
  public init(
    id: SessionID, userID: ExactText, openTime: Timestamp, idleTimeout: TimeSpan, lifetime: TimeSpan
  ) {
    self.id = id
    self.userID = userID
    self.openTime = openTime
    requestTime = openTime
    renewTime = openTime
    self.idleTimeout = idleTimeout
    self.lifetime = lifetime
    generation = 0
    isRemembered = false
    revision = 1
  }
}

extension Session: Equatable {
  /// Whether all members are equal.
  public static func == (left: Session, right: Session) -> Bool {
    guard left.id == right.id, left.revision == right.revision, left.userID == right.userID,
      left.openTime == right.openTime, left.requestTime == right.requestTime, left.renewTime == right.renewTime,
      left.closeTime == right.closeTime, left.closeReason == right.closeReason, left.idleTimeout == right.idleTimeout,
      left.lifetime == right.lifetime, left.generation == right.generation, left.isRemembered == right.isRemembered
    else { return false }
    return SessionParticulars.areEqual(left.particulars, right.particulars)
  }
}

extension Session {
  /// When it ends if no other request comes: the earlier of the idle and the absolute limit.
  public var deadline: Timestamp { min(requestTime + idleTimeout, openTime + lifetime) }

  /// Which limit the deadline is; the absolute one if both fall together.
  public var deadlineReason: CloseReason {
    requestTime + idleTimeout < openTime + lifetime ? .idle : .lifetime
  }

  /// Whether it is open and `now` is before its deadline.
  public func isAlive(at now: Timestamp) -> Bool { closeTime == nil && now < deadline }

  /// Whether it was closed at its deadline, as the reaper does, which no session that lived is.
  public var isClosedAsExpired: Bool { closeTime == deadline }

  /// The session as it stands at `now`: if its deadline has passed, closed at the deadline, for the reason it is, and
  /// without `user`, `data` and `carried`, exactly as the reaper will leave it but for the revision.
  public func settled(at now: Timestamp) -> Session {
    guard closeTime == nil, now >= deadline else { return self }
    return closed(deadlineReason, at: deadline)
  }

  /// The open session as closing it at `now` leaves it but for the revision: closed for `reason`, or, if its deadline
  /// has passed, as ``settled(at:)``.
  public func ended(for reason: CloseReason, at now: Timestamp) -> Session {
    isAlive(at: now) ? closed(reason, at: now) : settled(at: now)
  }

  /// Whether it has ended and gives its place to `other`, which opens with the same carried token at `now`.
  ///
  /// For stores; see ``SessionStore/insert(_:limit:by:now:)``.
  public func makesRoom(for other: Session, at now: Timestamp) -> Bool {
    other.carried != nil && id == other.id && !isAlive(at: now) && revision < other.revision
  }

  /// The session closed at `time`, without `user`, `data` and `carried`; the revision is left alone.
  public func closed(_ reason: CloseReason, at time: Timestamp) -> Session {
    var session = self
    session.closeTime = time
    session.closeReason = reason
    session.user = nil
    session.data = nil
    session.carried = nil
    return session
  }
}
