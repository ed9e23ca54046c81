import Cryptography
import MemoryStore
import SessionCore
import SessionTesting

/// One node, one client that does one thing after another, and a store of which one call fails.
///
/// Whatever the client was answered must hold to the end; what it was not may have happened. Each thing is tried again
/// when it failed, as a client does, and must work then.
struct SweepWorld {
  /// A session as the client knows it.
  struct Track {
    var userID: ExactText
    var token: [UInt8]
    var generation: UInt32 = 0
    var changesBegun = 0
    var changesMade = 0
    var isClosed = false
    /// Whether a closing was begun.
    var mayBeClosed = false
  }

  static let actor = Actor(.service, name: "sweep")
  let clock = ManualClock(Timestamp(milliseconds: 1_800_000_000_000))
  let base = MemoryStore()
  let schedule: FaultSchedule
  let policy: SessionPolicy
  private(set) var sessions: Sessions
  private(set) var tracks: [SessionID: Track] = [:]
  private(set) var failures: [String] = []
  private(set) var crashes: UInt64 = 0

  init(failing call: Int, as fault: Fault, limit: LiveSessionLimit? = nil) {
    schedule = FaultSchedule(failing: call, as: fault)
    var policy = SessionPolicy()
    policy.idleTimeout = .seconds(60)
    policy.retention = .seconds(120)
    policy.liveLimit = limit
    self.policy = policy
    sessions = Self.node(0, base, schedule, policy, clock)
  }

  private static func node(
    _ life: UInt64, _ base: MemoryStore, _ schedule: FaultSchedule, _ policy: SessionPolicy, _ clock: ManualClock
  ) -> Sessions {
    Sessions(
      store: InterceptedStore(base, schedule), policy: policy,
      keys: KeyRing(signing: RingKey(id: 1, secret: SecretBytes([UInt8](repeating: 1, count: 32)))), clock: clock,
      random: SeededRandom(seed: life), cacheBytes: 1 << 20)
  }

  mutating func expect(_ condition: Bool, _ what: String) {
    if !condition { failures.append(what) }
  }

  /// Does something, and again if it failed; after a crash, on a new node.
  mutating func attempt<Answer>(
    _ what: String, _ body: (inout SweepWorld) async throws(StoreError) -> Answer
  ) async -> Answer? {
    for _ in 0..<2 {
      do throws(StoreError) {
        return try await body(&self)
      } catch {
        if schedule.takeCrash() {
          crashes += 1
          sessions = Self.node(crashes, base, schedule, policy, clock)
        }
        await verifyAll("after \(what) failed")
      }
    }
    expect(false, "\(what) failed twice")
    return nil
  }

  // MARK: What the client does

  mutating func open(_ user: ExactText) async -> SessionID? {
    let verdict = await attempt("opening") { world throws(StoreError) in
      do throws(StoreError) {
        return try await world.sessions.open(SessionDraft(userID: user), by: Self.actor)
      } catch {
        // It may have made room for itself all the same.
        for (id, track) in world.tracks where world.policy.liveLimit != nil && track.userID == user {
          world.tracks[id]?.mayBeClosed = true
        }
        throw error
      }
    }
    guard case .opened(let session, let token, let evicted)? = verdict else { return nil }
    tracks[session.id] = Track(userID: user, token: token.text)
    for evicted in evicted {
      tracks[evicted.id]?.mayBeClosed = true
      tracks[evicted.id]?.isClosed = true
    }
    return session.id
  }

  /// Verifies without a trial of its own: what fails says nothing.
  mutating func verifyAll(_ when: String) async {
    for (id, track) in tracks.sorted(by: { $0.key.description < $1.key.description }) {
      guard let verdict = try? await sessions.verify(track.token) else { continue }
      switch verdict {
      case .active: expect(!track.isClosed, "a closed session let in \(when)")
      case .refused(let reason, let closing, _):
        expect(
          track.mayBeClosed, "session \(id) refused \(when) as \(reason.rawValue), \(closing?.rawValue ?? "open")")
      }
    }
    // A crash can hit these as well.
    if schedule.takeCrash() {
      crashes += 1
      sessions = Self.node(crashes, base, schedule, policy, clock)
    }
  }

  mutating func renew(_ id: SessionID) async {
    guard let track = tracks[id] else { return }
    let verdict = await attempt("renewing") { world throws(StoreError) in
      try await world.sessions.renew(track.token, by: Self.actor)
    }
    switch verdict {
    case .renewed(let session, let token)?:
      expect(session.generation == track.generation + 1, "generation \(track.generation) to \(session.generation)")
      tracks[id]?.token = token.text
      tracks[id]?.generation = session.generation
    case .refused(let reason, _)?: expect(track.mayBeClosed, "a renewal refused as \(reason.rawValue)")
    case nil: break
    }
  }

  mutating func change(_ id: SessionID) async {
    let verdict = await attempt("changing") { world throws(StoreError) in
      world.tracks[id]?.changesBegun += 1
      return try await world.sessions.update(id, by: Self.actor) { contents in
        contents.status = ExactText("\((Int(contents.status?.string ?? "0") ?? 0) + 1)")
      }
    }
    if case .updated? = verdict { tracks[id]?.changesMade += 1 }
  }

  mutating func close(_ id: SessionID) async {
    tracks[id]?.mayBeClosed = true
    _ = await attempt("closing") { world throws(StoreError) in
      try await world.sessions.close(id, reason: .logout, by: Self.actor)
    }
    tracks[id]?.isClosed = true
    await verifyAll("after a closing")
  }

  mutating func closeAll(of user: ExactText, _ ids: [SessionID]) async {
    for id in ids { tracks[id]?.mayBeClosed = true }
    _ = await attempt("closing all") { world throws(StoreError) in
      try await world.sessions.closeAll(of: user, reason: .account, by: Self.actor)
    }
    for id in ids { tracks[id]?.isClosed = true }
    await verifyAll("after closing all")
  }

  mutating func remove(_ id: SessionID) async {
    tracks[id]?.mayBeClosed = true
    _ = await attempt("removing") { world throws(StoreError) in
      try await world.sessions.remove(id, by: Self.actor)
    }
    tracks[id]?.isClosed = true
    await verifyAll("after a removal")
  }

  /// Reads the live sessions two by two: each that must live is there once.
  mutating func list() async {
    var filter = SessionFilter()
    filter.isAlive = true
    var query = SessionQuery(filter, limit: 2)
    var found: [SessionID] = []
    while found.count < 100 {
      let asked = query
      let page = await attempt("listing") { world throws(StoreError) in
        try await world.sessions.sessions(matching: asked)
      }
      guard let page else { return }
      found += page.sessions.map(\.id)
      guard let next = page.next else { break }
      query.after = next
    }
    expect(Set(found).count == found.count, "a list that has a session twice")
    for (id, track) in tracks where !track.mayBeClosed { expect(found.contains(id), "a list without a live session") }
    for (id, track) in tracks where track.isClosed { expect(!found.contains(id), "a list with a closed session") }
  }

  mutating func sweep() async {
    _ = await attempt("reaping") { world throws(StoreError) in try await world.sessions.reap() }
    _ = await attempt("purging") { world throws(StoreError) in try await world.sessions.purge() }
  }

  mutating func flush() async {
    _ = await attempt("writing request times") { world throws(StoreError) in try await world.sessions.flushTouches() }
  }

  /// Opens with a token of the client's own, which is the same session each time while it lives.
  mutating func openCarried() async -> SessionID? {
    let (token, now) = (Array("a token of my own".utf8), clock.now())
    let verdict = await attempt("opening with a token") { world throws(StoreError) in
      try await world.sessions.open(
        CarriedDraft(userID: "carrier", token: token, text: token, openTime: now, lifetime: .hours(1)), by: Self.actor)
    }
    guard case .opened(let session, _)? = verdict else { return nil }
    let found = await attempt("verifying a token") { world throws(StoreError) in
      try await world.sessions.verifyCarried(token, of: "carrier")
    }
    if case .active? = found {} else { expect(false, "a token of the client's own refused") }
    return session.id
  }

  mutating func closeCarried(_ id: SessionID) async {
    _ = await attempt("closing with a token") { world throws(StoreError) in
      try await world.sessions.close(id, reason: .logout, by: Self.actor)
    }
    let found = await attempt("verifying a token") { world throws(StoreError) in
      try await world.sessions.verifyCarried(Array("a token of my own".utf8), of: "carrier")
    }
    if case .active? = found { expect(false, "a closed token of the client's own let in") }
  }

  // MARK: What is left

  /// Holds the store against what the client was answered.
  mutating func examine() async {
    for (id, track) in tracks {
      let stored = try? await base.session(id)
      if !track.mayBeClosed { expect(stored != nil, "an opening is lost") }
      guard let stored else { continue }
      if track.isClosed { expect(!stored.isAlive(at: clock.now()), "a closing is lost") }
      expect(stored.generation >= track.generation, "a renewal is lost")
      let count = Int(stored.status?.string ?? "0") ?? 0
      expect(count >= track.changesMade, "a change is lost")
      expect(count <= track.changesBegun, "a change was made more often than asked")
    }
  }
}
