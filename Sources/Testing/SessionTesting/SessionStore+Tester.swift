public import SessionCore

/// The writing verbs by an actor that a test is not about.
extension SessionStore {
  /// Adds a session.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    try await insert(session, limit: limit, by: .tester, now: now)
  }

  /// Replaces a session, as an update.
  public func replace(_ session: Session, revision: Int64, now: Timestamp) async throws(StoreError) -> Bool {
    try await replace(session, revision: revision, as: .updated, by: .tester, now: now)
  }

  /// Closes one live session.
  public func close(
    _ id: SessionID, reason: CloseReason, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    try await close(id, reason: reason, by: .tester, now: now)
  }

  /// Closes live sessions that match.
  public func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, now: Timestamp, limit: Int
  ) async throws(StoreError) -> [Session] {
    try await close(matching: filter, excluding: excluding, reason: reason, by: .tester, now: now, limit: limit)
  }

  /// Removes a session, at the time at which most cases play.
  public func remove(_ id: SessionID) async throws(StoreError) -> Session? {
    try await remove(id, by: .tester, now: ConformanceProbe.now)
  }
}

extension Actor {
  /// An actor that a test is not about.
  public static let tester = Actor(.service, name: "tester")
}
