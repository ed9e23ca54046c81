import Cryptography
import MemoryStore
import SessionCore
import SessionTesting
import Synchronization

/// Sessions on a store, with a clock turned by hand and every event kept.
struct SessionsWorld: Sendable {
  let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
  let log = EventLog()
  let counting: CountingStore
  let sessions: Sessions

  init(
    store: any SessionStore = MemoryStore(), cacheBytes: Int = 1 << 20,
    _ adjust: (inout SessionPolicy) -> Void = { _ in }
  ) {
    var policy = SessionPolicy()
    adjust(&policy)
    counting = CountingStore(store)
    sessions = Sessions(
      store: counting, policy: policy, keys: Self.ring(), clock: clock, random: SeededRandom(seed: 1),
      cacheBytes: cacheBytes, events: log)
  }

  /// Another node on the same store, which knows nothing of the first one's cache.
  func otherNode() -> Sessions {
    Sessions(store: counting, policy: sessions.policy, keys: Self.ring(), clock: clock, random: SeededRandom(seed: 2))
  }

  static func ring(seed: UInt8 = 1) -> KeyRing {
    KeyRing(signing: RingKey(id: seed, secret: SecretBytes([UInt8](repeating: seed, count: 32))))
  }

  static let actor = Actor(.service, name: "test")

  /// Opens a session that the policy must admit.
  func open(_ userID: ExactText = "u1", _ change: (inout SessionDraft) -> Void = { _ in }) async throws -> Opened {
    var draft = SessionDraft(userID: userID)
    change(&draft)
    switch try await sessions.open(draft, by: Self.actor) {
    case .opened(let session, let token, let evicted): return Opened(session: session, token: token, evicted: evicted)
    case .refused(let refusal): throw Refused(refusal: refusal)
    }
  }

  struct Opened: Sendable {
    var session: Session
    var token: SessionToken
    var evicted: [Session]
    var id: SessionID { session.id }
  }

  struct Refused: Error {
    var refusal: OpenRefusal
  }
}

/// Keeps every event.
final class EventLog: SessionEventSink {
  private let events = Mutex<[SessionEvent]>([])

  func record(_ event: SessionEvent) { events.withLock { $0.append(event) } }

  var all: [SessionEvent] { events.withLock { $0 } }

  func count(_ change: SessionEvent.Change) -> Int { all.count { $0.change == change } }
}

extension Verification {
  var session: Session? { if case .active(let session) = self { session } else { nil } }
  var refusal: RefusalReason? { if case .refused(let reason, _, _) = self { reason } else { nil } }
  var closeReason: CloseReason? { if case .refused(_, let reason, _) = self { reason } else { nil } }
}

extension RenewVerdict {
  var renewed: (session: Session, token: SessionToken)? {
    if case .renewed(let session, let token) = self { (session, token) } else { nil }
  }
  var refusal: RefusalReason? { if case .refused(let reason, _) = self { reason } else { nil } }
}
