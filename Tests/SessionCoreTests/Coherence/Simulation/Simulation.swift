import MemoryStore
import SessionTesting
import Synchronization

@testable import SessionCore

/// Several nodes on one store in one thread, where chance decides what happens next.
///
/// Every step of every task, every note, every answer of the store and the clock move when a random number says so. The
/// same seed makes the same run.
final class Simulation: Sendable {
  struct Node: Sendable {
    let number: Int
    let executor: SteppedExecutor
    let wire: SimulatedWire
    let store: SharedMemoryNode
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
  }

  static let lease = TimeSpan.seconds(1)
  static let start = Timestamp(milliseconds: 1_800_000_000_000)
  let clock = ManualClock(Simulation.start)
  let random: SeededRandom
  let place: SharedMemory
  let nodes: [Node]
  let laneCount: Int
  let ledger: Mutex<Ledger>
  let carried = Mutex(CarriedLedger(lease: Simulation.lease))
  let progress: Mutex<Progress>

  init(seed: UInt64, nodes count: Int = 3) {
    random = SeededRandom(seed: seed)
    var policy = SessionPolicy()
    policy.idleTimeout = .seconds(20)
    policy.lifetime = .hours(1)
    ledger = Mutex(Ledger(lease: Self.lease, idleTimeout: policy.idleTimeout))
    let lanes = Int(truncatingIfNeeded: random.next() % 3) + 1
    place = SharedMemory(MemoryStore(), lanes: lanes, clock: clock)
    laneCount = lanes > 1 ? lanes + 1 : 1
    place.holdNotes()
    let (clock, place) = (clock, place)
    nodes = (0..<count).map { number in
      let wire = SimulatedWire(clock)
      let store = place.node { () async throws(StoreError) in try await wire.before(.check) }
      let executor = SteppedExecutor()
      let coherence = Coherence(
        store: store, clock: clock, random: SeededRandom(seed: seed &* 31 &+ UInt64(number)), lease: Self.lease)
      let sessions = Sessions(
        store: InterceptedStore(store, wire), policy: policy, keys: SessionsWorld.ring(), clock: clock,
        random: SeededRandom(seed: seed &* 17 &+ UInt64(number)), cacheBytes: 1 << 20, coherence: coherence)
      return Node(
        number: number, executor: executor, wire: wire, store: store, coherence: coherence, sessions: sessions,
        follower: Task(executorPreference: executor) { await store.follow(coherence) })
    }
    let never = [Timestamp](repeating: Self.start, count: count)
    progress = Mutex(
      Progress(
        stoppedUntil: Array(repeating: nil, count: count), mayStopFrom: never, nextHeartbeat: never, nextFlush: never))
  }

  // MARK: Chance

  func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
  func number(below bound: Int) -> Int { bound > 0 ? Int(truncatingIfNeeded: random.next() % UInt64(bound)) : 0 }
  func anyNode() -> Node { nodes[number(below: nodes.count)] }
  func isStopped(_ node: Int) -> Bool { progress.withLock { $0.stoppedUntil[node] != nil } }
  private var awake: [Node] { nodes.filter { !isStopped($0.number) } }

  /// Starts something on a node.
  func spawn(on node: Node, _ body: @escaping @Sendable () async -> Void) {
    progress.withLock { $0.running += 1 }
    Task(executorPreference: node.executor) {
      await body()
      self.progress.withLock { $0.running -= 1 }
    }
  }

  // MARK: Running

  /// Runs so many moves, then lets everything end.
  func run(moves: Int) {
    for _ in 0..<moves where ledger.withLock({ $0.failures.isEmpty }) { move() }
    finish()
  }

  private func move() {
    switch number(below: 100) {
    case 0..<35: stepSomewhere()
    case 35..<52: moveWire()
    case 52..<68: deliverSomewhere()
    case 68..<84: startSomething()
    case 84..<96: advance(by: TimeSpan(milliseconds: Int64(number(below: chance(15) ? 250 : 40))))
    case 96..<98: disturb()
    case 98: stopOrContinue()
    default: verifyEverything()
    }
  }

  private func stepSomewhere() {
    let ready = awake.filter { $0.executor.ready > 0 }
    guard !ready.isEmpty else { return }
    let node = ready[number(below: ready.count)]
    node.executor.step(number(below: node.executor.ready))
  }

  private func moveWire() {
    let wires = nodes.map(\.wire).filter { $0.count > 0 }
    guard !wires.isEmpty else { return }
    let wire = wires[number(below: wires.count)]
    if chance(1) { wire.lose(number(below: wire.count)) } else { wire.release(number(below: wire.count)) }
  }

  private func deliverSomewhere() {
    let node = anyNode()
    guard !isStopped(node.number) else { return }
    let lane = number(below: laneCount)
    for _ in 0...number(below: 3) { place.deliver(to: node.number, along: lane) }
    if chance(3) { place.repeatNotes(number(below: 5), to: node.number, along: lane) }
  }

  private func disturb() {
    let (node, lane) = (number(below: nodes.count), number(below: laneCount))
    switch number(below: 5) {
    case 0..<2:
      progress.withLock { _ = $0.cut.insert([node, lane]) }
      place.disconnect(node, along: lane, keeping: number(below: 4))
    case 2..<4: progress.withLock { _ = $0.slowLanes.insert([node, lane]) }
    default: progress.withLock { _ = $0.slowWires.insert(node) }
    }
  }

  /// Ends some of the disturbances.
  private func recover() {
    let progress = progress.withLock { $0 }
    for place in progress.cut.sorted(by: { $0.lexicographicallyPrecedes($1) }) where chance(20) {
      self.progress.withLock { _ = $0.cut.remove(place) }
      self.place.reconnect(place[0], along: place[1])
    }
    for place in progress.slowLanes.sorted(by: { $0.lexicographicallyPrecedes($1) }) where chance(6) {
      self.progress.withLock { _ = $0.slowLanes.remove(place) }
    }
    for node in progress.slowWires.sorted() where chance(10) {
      self.progress.withLock { _ = $0.slowWires.remove(node) }
    }
  }

  /// What a quiet moment does: all nodes that are awake make all their steps, all that is not slow arrives.
  private func settle() {
    let (slowWires, slowLanes) = progress.withLock { ($0.slowWires, $0.slowLanes) }
    var isMoving = true
    while isMoving {
      drain()
      isMoving = false
      for node in nodes {
        while !slowWires.contains(node.number), node.wire.count > 0 {
          node.wire.release(number(below: node.wire.count))
          isMoving = true
        }
        guard !isStopped(node.number) else { continue }
        for lane in 0..<laneCount where !slowLanes.contains([node.number, lane]) {
          while place.deliver(to: node.number, along: lane) { isMoving = true }
        }
      }
    }
  }

  /// Stops a node for up to three seconds, as a signal or a hypervisor does, or has it go on.
  private func stopOrContinue() {
    let node = number(below: nodes.count)
    let now = clock.now()
    let length = TimeSpan(milliseconds: Int64(number(below: 3000)))
    progress.withLock { progress in
      if progress.stoppedUntil[node] != nil {
        progress.stoppedUntil[node] = nil
      } else if now >= progress.mayStopFrom[node] {
        progress.stoppedUntil[node] = now + length
        // The next stop leaves it time to write request times: one that is always stopped can't keep a session alive.
        progress.mayStopFrom[node] = now + .seconds(8)
      }
    }
    if chance(40) { advance(by: TimeSpan(milliseconds: Int64(number(below: 2000)))) }
  }

  /// Moves the clock; mostly after a quiet moment.
  private func advance(by span: TimeSpan) {
    let time = clock.now() + span
    // In small pieces, so that heartbeats and request times are never long due.
    while clock.now() < time {
      let next = min(time, clock.now() + TimeSpan(milliseconds: 50))
      for node in nodes { node.wire.expire(at: next) }
      if chance(70) { settle() } else if chance(70) { drain() }
      clock.set(next)
      recover()
      beginDue()
    }
  }

  private func drain() {
    while true {
      let ready = awake.filter { $0.executor.ready > 0 }
      guard !ready.isEmpty else { return }
      for node in ready { node.executor.step(number(below: node.executor.ready)) }
    }
  }

  /// Starts heartbeats and the writing of request times on every node whose time for it has come.
  private func beginDue() {
    let now = clock.now()
    for node in nodes {
      let (isBeating, isFlushing) = progress.withLock { progress in
        if let end = progress.stoppedUntil[node.number] {
          guard end <= now else { return (false, false) }
          progress.stoppedUntil[node.number] = nil
        }
        let due = (progress.nextHeartbeat[node.number] <= now, progress.nextFlush[node.number] <= now)
        if due.0 { progress.nextHeartbeat[node.number] = now + TimeSpan(milliseconds: 250) }
        if due.1 { progress.nextFlush[node.number] = now + .seconds(4) }
        return due
      }
      if isBeating {
        for lane in 0..<laneCount { spawn(on: node) { await node.coherence.sendHeartbeat(along: lane) } }
      }
      if isFlushing { spawn(on: node) { try? await node.sessions.flushTouches() } }
    }
  }

  /// Lets everything that was begun end.
  private func finish() {
    progress.withLock { progress in
      for node in nodes.indices { progress.stoppedUntil[node] = nil }
    }
    for node in nodes { node.follower.cancel() }
    while progress.withLock({ $0.running }) > 0 {
      drain()
      for node in nodes where node.wire.count > 0 { node.wire.release(number(below: node.wire.count)) }
    }
    drain()
  }
}
