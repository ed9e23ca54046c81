import MemoryStore
import SessionTesting
import Synchronization

@testable import SessionCore

/// Two nodes on one store, with a clock turned by hand and notes that are heard when the test says so.
final class CoherenceWorld: Sendable {
  struct Node: Sendable {
    let number: Int
    let calls: CallCounter
    let gate: ReadGate
    let store: SharedMemoryNode
    let coherence: Coherence
    let sessions: Sessions
    let follower: Task<Void, Never>
  }

  let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
  let place: SharedMemory
  let nodes: [Node]
  let laneCount: Int
  var here: Node { nodes[0] }
  var there: Node { nodes[1] }

  /// Both nodes hold every lane at the start.
  init(lanes: Int = 1, _ adjust: (inout SessionPolicy) -> Void = { _ in }) async {
    var policy = SessionPolicy()
    adjust(&policy)
    let (clock, place) = (clock, SharedMemory(MemoryStore(), lanes: lanes, clock: clock))
    place.holdNotes()
    self.place = place
    laneCount = lanes > 1 ? lanes + 1 : 1
    let fixed = policy
    nodes = (0..<2).map { number in
      let store = place.node()
      let (calls, gate) = (CallCounter(), ReadGate())
      let coherence = Coherence(store: store, clock: clock, random: SeededRandom(seed: UInt64(number) + 10))
      let sessions = Sessions(
        store: InterceptedStore(InterceptedStore(store, calls), gate), policy: fixed, keys: SessionsWorld.ring(),
        clock: clock, random: SeededRandom(seed: UInt64(number) + 1), coherence: coherence)
      return Node(
        number: number, calls: calls, gate: gate, store: store, coherence: coherence, sessions: sessions,
        follower: Task { await store.follow(coherence) })
    }
    for node in nodes {
      for lane in 0..<laneCount { while place.waiting(for: node.number, along: lane) == 0 { await Task.yield() } }
      hear(node)
    }
    await beat()
  }

  deinit { for node in nodes { node.follower.cancel() } }

  /// Has a node hear everything that was sent.
  func hear(_ node: Node) {
    for lane in 0..<laneCount { while place.deliver(to: node.number, along: lane) {} }
  }

  /// Has every node hear all there is, and then heartbeats of its own.
  func beat() async {
    for node in nodes { hear(node) }
    for node in nodes { await send(node) }
    for node in nodes { hear(node) }
  }

  /// Has a node send heartbeats along every lane, which nobody hears yet.
  func send(_ node: Node) async {
    for lane in 0..<laneCount { await node.coherence.sendHeartbeat(along: lane) }
  }

  /// Moves the clock on, with heartbeats four times a second.
  func pass(_ span: TimeSpan) async {
    let end = clock.now() + span
    while clock.now() < end {
      clock.set(min(end, clock.now() + TimeSpan(milliseconds: 250)))
      await beat()
    }
  }

  /// Opens a session on a node.
  func open(on node: Node, _ userID: ExactText = "u1") async throws -> SessionsWorld.Opened {
    switch try await node.sessions.open(SessionDraft(userID: userID), by: SessionsWorld.actor) {
    case .opened(let session, let token, let evicted):
      return SessionsWorld.Opened(session: session, token: token, evicted: evicted)
    case .refused(let refusal): throw SessionsWorld.Refused(refusal: refusal)
    }
  }

  func close(_ id: SessionID, on node: Node) async throws {
    _ = try await node.sessions.close(id, reason: .logout, by: SessionsWorld.actor)
  }

  /// What a node answers of a token without waiting.
  func atOnce(_ token: SessionToken, on node: Node) -> AtOnce {
    switch unsafe token.text.withUnsafeBytes({ unsafe node.sessions.verifyAtOnce($0, now: clock.now()) }) {
    case .active: .active
    case .refused(let reason, _): .refused(reason)
    case .miss: .miss
    }
  }

  enum AtOnce: Equatable {
    case active
    case refused(RefusalReason)
    case miss
  }
}
