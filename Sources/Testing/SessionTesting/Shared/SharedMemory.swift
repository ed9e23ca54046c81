public import Accounts
public import SessionCore
import Synchronization

/// A store in this process that several nodes share, with notes that a test can hold back, cut off and repeat.
///
/// Each ``node(beforeHeartbeat:)`` is one node's handle. A note is sent in the same step as the answer, and heard at
/// once unless the test holds it.
public final class SharedMemory: Sendable {
  /// Everything that a shared store keeps.
  public typealias Base = AccountSessionStore & AccountStore & EventStore & LoginStore & ServiceKeyStore & SessionStore

  let base: any Base
  let clock: any SessionClock
  let lanes: Int
  let directoryLane: Int
  let channel: SharedChannel
  let tasks = Mutex<[String: Hold]>([:])
  let isFailingTasks = Mutex(false)

  /// Who has a task, and until when.
  struct Hold: Sendable {
    var holder: String
    var end: Timestamp
  }

  /// A place in `base`, which nobody else writes to.
  ///
  /// - Parameters:
  ///   - base: what keeps everything.
  ///   - lanes: how many lanes sessions have; if several, accounts and keys have one more of their own.
  ///   - clock: the store's own clock, which tasks go by; `nil` for one that runs.
  ///   - distort: what becomes of each note and its lane, for a store that breaks its promises; `nil` for one that
  ///     keeps them.
  public init(
    _ base: any Base, lanes: Int = 1, clock: (any SessionClock)? = nil,
    distort: (@Sendable (ChangeNote, Int) -> [(ChangeNote, Int)])? = nil
  ) {
    self.base = base
    self.clock = clock ?? RunningClock()
    self.lanes = max(1, lanes)
    directoryLane = lanes > 1 ? lanes : 0
    channel = SharedChannel(lanes: max(directoryLane + 1, self.lanes), distort: distort)
  }

  /// A handle for one more node; nodes are numbered from 0.
  ///
  /// `beforeHeartbeat` runs before each heartbeat is sent; what it throws is what the sender gets.
  public func node(
    beforeHeartbeat: @escaping @Sendable () async throws(StoreError) -> Void = {}
  ) -> SharedMemoryNode {
    SharedMemoryNode(place: self, number: channel.addNode(), beforeHeartbeat: beforeHeartbeat)
  }

  /// Makes every call about tasks fail from now on, as if the store could not be reached.
  public func failTasks() { isFailingTasks.withLock { $0 = true } }

  // MARK: The channel

  /// Keeps every note back from now on, until ``deliver(to:along:)``.
  public func holdNotes() { channel.hold() }

  /// Lets every note through again, those held back first.
  public func releaseNotes() { channel.release() }

  /// How many notes a node has not heard yet of a lane, openings and closings of the lane included.
  public func waiting(for node: Int, along lane: Int) -> Int { channel.waiting(for: node, along: lane) }

  /// Has a node hear the next note of a lane that it has not heard yet.
  ///
  /// - Returns: whether there was any.
  @discardableResult
  public func deliver(to node: Int, along lane: Int) -> Bool { channel.deliver(to: node, along: lane) }

  /// Cuts a node off a lane: what it has not heard is lost, but for the first `kept` notes, and so is all that is sent
  /// until ``reconnect(_:along:)``.
  public func disconnect(_ node: Int, along lane: Int, keeping kept: Int = 0) {
    channel.disconnect(node, along: lane, keeping: kept)
  }

  /// Has a node hear a lane again, which tells it that the lane was opened.
  public func reconnect(_ node: Int, along lane: Int) { channel.reconnect(node, along: lane) }

  /// Sends what a node has heard or will hear along a lane once more, after everything else: the last `count` notes.
  public func repeatNotes(_ count: Int, to node: Int, along lane: Int) {
    channel.repeatNotes(count, to: node, along: lane)
  }
}

/// A clock that runs, from a time of its own.
private struct RunningClock: SessionClock {
  private let start = ContinuousClock.now

  func now() -> Timestamp {
    let time = start.duration(to: .now).components
    return Timestamp(milliseconds: 1_700_000_000_000 + time.seconds * 1000 + time.attoseconds / 1_000_000_000_000_000)
  }
}
