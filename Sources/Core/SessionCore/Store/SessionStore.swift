/// Where sessions are kept.
///
/// ## Contract
/// - **Each verb is atomic**: it happens whole or not at all, and two verbs on one session happen one after the other.
/// - **An answer is a promise**: when a writing verb returns, what it did survives whatever the store promises to
///   survive. When it throws, nothing happened, except with ``StoreError/Code/unknownOutcome``.
/// - **Nothing revives.** No verb changes a session whose `closeTime` is set, other than to remove it.
/// - A store applies deadlines by the `now` that it is given, and keeps no clock. It answers sessions as they are
///   stored (not ``Session/settled(at:)``), but its *conditions* see them settled: an open row past its
///   ``Session/deadline`` counts as closed in filters, counts and limits, can't be replaced or renewed, and is closed
///   only as the reaper closes it.
/// - A missing session is `nil`, never an error.
/// - Text is compared by its bytes. All text and JSON come back byte for byte.
/// - **What happened is told**: a store that is an ``EventStore`` too adds an entry for each session that a verb has
///   opened, changed, closed or removed, in the same step, by the actor whom the verb names. A verb that changes
///   nothing, or throws, adds none; reads, touches and purging never do.
/// - Every verb is called from many tasks at once. Cancelling the caller's task does not undo a write.
///
/// `SessionTesting` holds this contract as tests that every store runs.
public protocol SessionStore: Sendable {
  /// Adds a session, unless that would leave its user more live sessions at `now` than `limit` allows.
  ///
  /// Counting, evicting and adding are one step: however many run at once, never more than `limit.maximum` live. An
  /// evicted session is closed at `now` with reason `evicted`, its revision raised by one. With a `nil` limit nothing
  /// is counted. The log has the evictions, by the policy, and then the opening.
  ///
  /// Those of its user that are open though their time was up at `now` don't live, but a request time that comes late
  /// would make them live beside the new one. So with a limit they are ended in the same step, as
  /// ``close(_:reason:by:now:)`` ends one, unless nothing is added.
  ///
  /// A session that carries a token (``Session/carried``) has an id made of it, which an earlier one may have had: one
  /// that has ended by `now`, and is of a lower revision, is removed in the same step. So the same credential can open
  /// a session again, and what has ended still never changes. The log has no more of it than of purging; but if its
  /// time was up and the reaper has not come, it is closed there first, as by the reaper.
  ///
  /// - Returns: ``InsertOutcome/inserted(closed:)``, ``InsertOutcome/limitReached`` (nothing was added) or
  ///   ``InsertOutcome/duplicate`` if the id is taken (nothing was added).
  func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome

  /// The session as stored, or `nil`. Sees every write that was answered before the call.
  func session(_ id: SessionID) async throws(StoreError) -> Session?

  /// Replaces a session that is still at `revision` and alive at `now`.
  ///
  /// The caller has raised `session.revision`. A stored `requestTime` later than the new one is kept, so that a
  /// replacement never takes back a touch. The log tells of it as `change`: renewed or updated.
  ///
  /// - Returns: `true` if it was replaced; `false` if it is missing, not alive or at another revision.
  func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool

  /// Closes one live session: sets close time `now` and `reason`, drops `user`, `data` and `carried`, raises the
  /// revision by one.
  ///
  /// An open one whose time was up at `now` is closed in the same way at its ``Session/deadline`` and for its
  /// ``Session/deadlineReason``, in the log by the reaper, so that no request time that comes late revives it.
  ///
  /// - Returns: whether this call closed it, and the session as stored afterwards; `nil` if it is missing.
  func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome?

  /// Moves the request time of a session forward as ``touch(_:)`` does, if there is one to move to, and then closes it
  /// as ``close(_:reason:by:now:)`` does.
  ///
  /// A store that can does both in one step; by default they are two.
  ///
  /// - Returns: what the closing answers; whether or not it closed the session, the store has the request time.
  func close(
    _ id: SessionID, lastRequest: Timestamp?, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome?

  /// Closes at most `limit` open sessions that match, as ``close(_:reason:by:now:)`` does each: those that live, and
  /// those whose time was up, by the reaper. The latter match a filter for what lives all the same; one for what is not
  /// alive closes nothing.
  ///
  /// `excluding` is left alone. Fewer than `limit` answered means that none are left.
  ///
  /// - Returns: the sessions that this call closed, as stored afterwards; those that did not live any more are
  ///   ``Session/isClosedAsExpired``.
  func close(
    matching filter: SessionFilter, excluding: SessionID?, reason: CloseReason, by actor: Actor, now: Timestamp,
    limit: Int
  ) async throws(StoreError) -> [Session]

  /// Moves request times forward, of open sessions only.
  ///
  /// An earlier time than the stored one, a closed or a missing session changes nothing and is no error. The revision
  /// stays.
  func touch(_ touches: [SessionTouch]) async throws(StoreError)

  /// Removes a session, open or closed.
  ///
  /// In the log an open one is closed first: revoked by `actor`, or, if its time was up at `now`, at its deadline by
  /// the reaper.
  ///
  /// - Returns: the session as it was, or `nil` if there was none.
  func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session?

  /// One page of a list: the sessions that match at `now`, in the query's order, after its cursor.
  ///
  /// An index answers it: the cost is that of the page, not of the table, nor of the pages before it (except for
  /// `skip`). Sessions are answered as stored; without ``SessionQuery/includesContents``, `user`, `data` and
  /// `carried` are `nil`.
  func page(_ query: SessionQuery, now: Timestamp) async throws(StoreError) -> SessionPage

  /// How many sessions match at `now`.
  func count(_ filter: SessionFilter, now: Timestamp) async throws(StoreError) -> Int

  /// Closes at most `limit` sessions whose deadline is at or before `now`, each at its deadline and for its
  /// ``Session/deadlineReason``, dropping `user` and `data` and raising the revision by one. In the log the actor
  /// is the reaper.
  ///
  /// One that carries a token is removed as soon as it is closed, and is answered with ``Session/carried`` still there;
  /// in the log it is closed, like any other.
  ///
  /// - Returns: those sessions as stored afterwards; fewer than `limit` means that none are left.
  func reap(now: Timestamp, limit: Int) async throws(StoreError) -> [Session]

  /// Removes at most `limit` sessions that were closed before `time`.
  ///
  /// - Returns: the ids removed; fewer than `limit` means that none are left.
  func purge(closedBefore time: Timestamp, limit: Int) async throws(StoreError) -> [SessionID]

  /// Whether the store can serve now: returns, or throws what stands in the way.
  func check() async throws(StoreError)

  /// Finishes what was accepted and lets go of files and connections. Calls after it throw ``StoreError/Code/closed``.
  func shutdown() async
}

extension SessionStore {
  /// Touches, and then closes.
  public func close(
    _ id: SessionID, lastRequest: Timestamp?, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    if let lastRequest { try await touch([SessionTouch(id: id, requestTime: lastRequest)]) }
    return try await close(id, reason: reason, by: actor, now: now)
  }
}
