/// A store that several nodes share, and the way in which each hears what the others have written.
///
/// ## Contract
/// - **Every change is told.** Each verb of the store that changes a session (other than to touch it), an account or a
///   service key sends a ``ChangeNote`` for each, along the lane of what it changed, once the change is stored and
///   before the verb answers; in the same step where the store can.
/// - **A lane keeps its order.** Of two notes sent along one lane, one after the answer of the other, every listener
///   hears them in that order, or hears ``ChangeListener/laneOpened(_:)`` after the first would have come. A heartbeat
///   takes the same path as every other note: that is what it proves.
/// - A session's lane is ``SessionID/lane(of:)`` of ``lanes``; accounts and service keys use ``directoryLane``.
/// - Whoever writes hears its own notes, too.
public protocol SharedStore: SessionStore {
  /// How many paths notes take that have no order between them, 1 or more.
  var lanes: Int { get }

  /// The lane of accounts and service keys.
  var directoryLane: Int { get }

  /// Sends a heartbeat along a lane.
  func sendHeartbeat(_ number: UInt64, along lane: Int) async throws(StoreError)

  /// Tells all nodes how one is, along ``directoryLane``, as a ``ChangeNote/node(_:)``.
  ///
  /// Nothing is kept of it; whoever does not hear it has missed it.
  func sendSign(_ sign: NodeSign) async throws(StoreError)

  /// Has `listener` hear every lane, until the task is cancelled.
  ///
  /// A connection that is lost is made again, without end and without the caller's doing, at least four times a second.
  func follow(_ listener: any ChangeListener) async

  /// Takes a task that one node at a time should do, or keeps it.
  ///
  /// - Parameters:
  ///   - task: the task's name.
  ///   - holder: who asks: a name that no other node has.
  ///   - duration: how long nobody else gets it, from now on by the store's own clock; of a holder that dies, it is
  ///     free after that at the latest.
  /// - Returns: whether `holder` has it.
  /// - Throws: if the store fails; whoever had the task may not have it any more.
  func holdTask(_ task: String, as holder: String, for duration: TimeSpan) async throws(StoreError) -> Bool

  /// Gives a task back before its time; another's is left alone.
  func releaseTask(_ task: String, as holder: String) async throws(StoreError)
}

/// Who hears of changes.
///
/// The calls of one lane come one after another. They should be quick: what follows waits for them.
public protocol ChangeListener: Sendable {
  /// From here on every note of this lane is heard; of what was sent before, some may have been missed.
  func laneOpened(_ lane: Int)
  /// Notes of this lane may be missed from here on, until it is opened again.
  func laneClosed(_ lane: Int)
  /// A note came.
  func heard(_ note: ChangeNote, along lane: Int)
}

extension SessionID {
  /// Which of `count` lanes, or other equal parts, the session belongs to: 0 up to `count` - 1.
  public func lane(of count: Int) -> Int { count > 1 ? Int(low % UInt64(count)) : 0 }
}
