extension Event {
  /// The entry for a change of a session.
  public init(_ change: SessionEvent.Change, of session: Session, at time: Timestamp, by actor: Actor) {
    let (kind, reason): (Kind, CloseReason?) =
      switch change {
      case .opened: (.sessionOpened, nil)
      case .renewed: (.sessionRenewed, nil)
      case .updated: (.sessionChanged, nil)
      case .closed(let reason): (.sessionClosed, reason)
      case .removed: (.sessionRemoved, nil)
      }
    self.init(kind, at: time, by: actor, reason: reason?.rawValue)
    sessionID = session.id
    userID = session.userID
  }

  /// The entry for the end of a session that is closed by now: when and why stand in the session.
  public init(closing session: Session, by actor: Actor) {
    self.init(
      .sessionClosed, at: session.closeTime ?? session.deadline, by: actor, reason: session.closeReason?.rawValue)
    sessionID = session.id
    userID = session.userID
  }

  /// The entries for the removal of a session that was stored so.
  ///
  /// One that was not closed ends first: revoked by `actor`, or, if its time was up, at its deadline by the reaper that
  /// has not come.
  public static func removal(of session: Session, at now: Timestamp, by actor: Actor) -> [Event] {
    let removed = Event(.removed, of: session, at: now, by: actor)
    if session.closeTime != nil { return [removed] }
    if session.isAlive(at: now) { return [Event(.closed(.revoked), of: session, at: now, by: actor), removed] }
    return [
      Event(.closed(session.deadlineReason), of: session, at: session.deadline, by: Actor(.reaper)), removed,
    ]
  }
}
