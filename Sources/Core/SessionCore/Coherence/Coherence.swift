internal import Synchronization

/// Keeps what a node remembers of a shared store true: hears what the other nodes write, and knows until when it has
/// heard everything.
///
/// For each lane of the store the node holds a **lease**: one of its own heartbeats has come back along the lane, and
/// was sent less than a lease ago. While it is held, the caches answer; without it every request reads the store. So
/// whatever breaks, nothing is let in by a request that began later than the answer to its closing and a lease.
///
/// ``run()`` does the work; everything that follows the notes is added before.
public final class Coherence: Sendable {
  /// How long after its sending a heartbeat that came back is good for.
  public let lease: TimeSpan
  /// How many lanes sessions are spread over.
  public let lanes: Int
  /// The lane of accounts and service keys.
  public let directoryLane: Int

  let store: any SharedStore
  let clock: any SessionClock
  let random: any RandomSource
  let reports: CoherenceReports
  let pause: @Sendable (Duration) async throws -> Void
  let leases: [LaneLease]
  let followers = Mutex<[Follower]>([])
  let due = Mutex<AsyncStream<Int>.Continuation?>(nil)
  /// How long the last heartbeat that came back took, in microseconds; less than 0 before the first.
  let lag = Atomic<Int64>(-1)

  /// The coherence of one node with `store`.
  ///
  /// - Parameters:
  ///   - store: what the nodes share.
  ///   - clock: where the time comes from: the one that requests are judged by. It must go on while the process is
  ///     stopped, or a node that was stopped would believe what it kept.
  ///   - random: where the numbers of heartbeats come from, which no other node may have.
  ///   - lease: how long a heartbeat is good for; one is sent every quarter of that. A second.
  ///   - reports: who is told how it goes.
  ///   - pause: waits between heartbeats; ends early if the task is cancelled.
  public init(
    store: any SharedStore, clock: any SessionClock, random: any RandomSource, lease: TimeSpan = .seconds(1),
    reports: CoherenceReports = CoherenceReports(),
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.store = store
    self.clock = clock
    self.random = random
    self.lease = lease
    self.reports = reports
    self.pause = pause
    lanes = max(1, store.lanes)
    directoryLane = max(0, store.directoryLane)
    leases = (0..<max(lanes, directoryLane + 1)).map { _ in LaneLease(length: lease) }
  }

  /// Who hears what this hears, and of which lane.
  struct Follower {
    var listener: any ChangeListener
    var lane: Int?
  }

  /// Has `follower` hear what this hears, but for heartbeats, from ``run()`` on.
  ///
  /// - Parameters:
  ///   - follower: who.
  ///   - lane: the lane that it is about; `nil` for all.
  public func add(_ follower: any ChangeListener, lane: Int? = nil) {
    followers.withLock { $0.append(Follower(listener: follower, lane: lane)) }
  }

  /// Whether copies of what belongs to a lane may be believed by a request that began at `now`.
  ///
  /// One atomic read. To be asked before the copy is looked at. A lane that there is not is not held.
  public func isHeld(_ lane: Int, now: Timestamp) -> Bool {
    leases.indices.contains(lane) && leases[lane].isHeld(at: now)
  }

  /// How many lanes there are in all, that of accounts and keys included.
  public var laneCount: Int { leases.count }

  /// How long the last heartbeat that came back, along whichever lane, had taken, in microseconds; `nil` before the
  /// first.
  public var lastLag: Int64? {
    let microseconds = lag.load(ordering: .relaxed)
    return microseconds < 0 ? nil : microseconds
  }

  /// How many lanes are held now.
  public var heldCount: Int {
    let now = clock.now()
    return leases.count { $0.isHeld(at: now) }
  }
}

/// Who is told how coherence goes; each is called where it happens, and should be quick.
public struct CoherenceReports: Sendable {
  /// A heartbeat came back: how long that took from its sending, which is what a note of any node takes at most.
  public var onLag: @Sendable (_ lag: Duration) -> Void
  /// The lease of a lane was won (`true`) or lost.
  public var onLease: @Sendable (_ lane: Int, _ isHeld: Bool) -> Void

  /// Tells nobody.
  public init() {
    onLag = { _ in }
    onLease = { _, _ in }
  }
}
