import Cryptography
import MemoryStore
import SessionTesting
import Synchronization

@testable import SessionCore

/// Several nodes on one store in one thread, where chance decides what happens next.
///
/// Every step of every task, every note, every question and answer of the store, every crash and the clock move when a
/// random number says so. The same seed makes the same run.
final class Simulation: Sendable {
  struct Node: Sendable {
    let number: Int
    let executor: SteppedExecutor
    let wire: SimulatedWire
    let store: SharedMemoryNode
    let clock: SkewedClock
    let coherence: Coherence
    let sessions: Sessions
    let follower: Task<Void, Never>
  }

  /// What changes as the simulation goes on.
  struct Progress {
    var stoppedUntil: [Timestamp?]
    var mayStopFrom: [Timestamp]
    var nextHeartbeat: [Timestamp]
    var nextFlush: [Timestamp]
    var cut: Set<[Int]> = []
    /// Lanes, by node and lane, and wires, by node, whose notes and answers come late.
    var slowLanes: Set<[Int]> = []
    var slowWires: Set<Int> = []
    var running = 0
    /// How many nodes were ever started.
    var started: UInt64 = 0
  }

  static let lease = TimeSpan.seconds(1)
  static let start = Timestamp(milliseconds: 1_800_000_000_000)
  let seed: UInt64
  let world: SimulatedWorld
  let clock = ManualClock(Simulation.start)
  let random: SeededRandom
  let base = MemoryStore()
  let place: SharedMemory
  let network = SimulatedNetwork()
  let laneCount: Int
  let ledger: Mutex<Ledger>
  let carried: Mutex<CarriedLedger>
  let progress: Mutex<Progress>
  private let places = Mutex<[Node]>([])
  private let isRecording: Bool
  private let trace = Mutex<[String]>([])

  /// The nodes as they are now; a crash replaces one.
  var nodes: [Node] { places.withLock { $0 } }

  /// A world of chance; `isRecording` keeps a line for each thing that happens.
  init(seed: UInt64, isRecording: Bool = false) {
    self.seed = seed
    self.isRecording = isRecording
    random = SeededRandom(seed: seed)
    let world = SimulatedWorld(random)
    self.world = world
    ledger = Mutex(Ledger(world, lease: Self.lease))
    carried = Mutex(CarriedLedger(lease: Self.lease, evicts: world.evicts))
    place = SharedMemory(base, lanes: world.lanes, clock: clock)
    laneCount = world.lanes > 1 ? world.lanes + 1 : 1
    place.holdNotes()
    let never = [Timestamp](repeating: Self.start, count: world.nodes)
    progress = Mutex(
      Progress(
        stoppedUntil: Array(repeating: nil, count: world.nodes), mayStopFrom: never, nextHeartbeat: never,
        nextFlush: never))
    for number in 0..<world.nodes {
      let node = startNode(number, on: nil)
      places.withLock { $0.append(node) }
    }
  }

  private func startNode(_ number: Int, on store: SharedMemoryNode?) -> Node {
    let life = progress.withLock { progress in
      progress.started += 1
      return progress.started
    }
    let range = world.skew.milliseconds * 2 + 1
    let nodeClock = SkewedClock(
      clock, offset: Int64(self.number(below: Int(range))) - world.skew.milliseconds)
    let wire = SimulatedWire(clock)
    let store =
      store
      ?? place.node { () async throws(StoreError) in
        // The wire of whoever lives there now: a crash replaces it.
        guard case .arrives = await self.nodes[number].wire.ask() else {
          throw StoreError(.unavailable, "The heartbeat was lost.")
        }
      }
    let executor = SteppedExecutor()
    let coherence = Coherence(
      store: store, clock: nodeClock, random: SeededRandom(seed: seed &* 31 &+ life), lease: Self.lease)
    let watch = StoreWatch(
      limit: world.policy.liveLimit, note: { [self] in note($0()) },
      fail: { [self] what in ledger.withLock { $0.fail(what) } },
      touchesLost: { [self] in ledger.withLock { $0.touchesLost(at: clock.now()) } })
    let ring = KeyRing(signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 1, count: 32))))
    let sessions = Sessions(
      store: SimulatedStore(node: store, wire: wire, network: network, watch: watch), policy: world.policy, keys: ring,
      clock: nodeClock, random: SeededRandom(seed: seed &* 17 &+ life &* 0x1_0001), cacheBytes: 1 << 20,
      coherence: coherence)
    return Node(
      number: number, executor: executor, wire: wire, store: store, clock: nodeClock, coherence: coherence,
      sessions: sessions, follower: Task(executorPreference: executor) { await store.follow(coherence) })
  }

  /// Ends a node as a power cut does, and starts it again with nothing but what the store has.
  ///
  /// What it had asked of the store may arrive all the same; answers don't, nor do the request times that only it knew.
  func crash(_ number: Int) {
    let old = nodes[number]
    note("crash of node \(number)")
    old.wire.cut { _ in self.chance(50) }
    old.follower.cancel()
    while old.executor.ready > 0 { old.executor.step(0) }
    ledger.withLock { ledger in
      ledger.count("a crash")
      ledger.touchesLost(at: clock.now())
    }
    let new = startNode(number, on: old.store)
    places.withLock { $0[number] = new }
  }

  // MARK: The trace

  func note(_ line: @autoclosure () -> String) {
    guard isRecording else { return }
    let text = "\((clock.now() - Self.start).milliseconds) ms \(line())"
    trace.withLock { $0.append(text) }
  }

  /// What happened, line by line, if that was recorded.
  var history: [String] { trace.withLock { $0 } }

  // MARK: Chance

  func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
  func number(below bound: Int) -> Int { bound > 0 ? Int(truncatingIfNeeded: random.next() % UInt64(bound)) : 0 }
  func anyNode() -> Node {
    let nodes = nodes
    return nodes[number(below: nodes.count)]
  }
  func isStopped(_ node: Int) -> Bool { progress.withLock { $0.stoppedUntil[node] != nil } }

  /// Starts something on a node.
  func spawn(on node: Node, _ body: @escaping @Sendable () async -> Void) {
    progress.withLock { $0.running += 1 }
    Task(executorPreference: node.executor) {
      await body()
      self.progress.withLock { $0.running -= 1 }
    }
  }

  // MARK: Running

  /// Runs so many moves, lets everything end, and looks at what is left in the store.
  func run(moves: Int) {
    for _ in 0..<moves where ledger.withLock({ $0.failures.isEmpty }) { move() }
    finish()
    if ledger.withLock({ $0.failures.isEmpty }) { examine() }
    for failure in ledger.withLock({ $0.failures }) { note("BROKEN: \(failure)") }
    // Each node's store knows the simulation, which would keep both for ever.
    places.withLock { $0 = [] }
  }

  /// Lets everything that was begun end.
  private func finish() {
    progress.withLock { progress in
      for node in progress.stoppedUntil.indices { progress.stoppedUntil[node] = nil }
    }
    for node in nodes { node.follower.cancel() }
    while progress.withLock({ $0.running }) > 0 {
      drain()
      for node in nodes where node.wire.count > 0 { node.wire.release(number(below: node.wire.count)) }
    }
    while network.count > 0 { network.deliver(number(below: network.count)) }
    drain()
    for node in nodes { spawn(on: node) { try? await node.sessions.flushTouches() } }
    while progress.withLock({ $0.running }) > 0 {
      drain()
      for node in nodes where node.wire.count > 0 { node.wire.release(0) }
    }
  }
}
