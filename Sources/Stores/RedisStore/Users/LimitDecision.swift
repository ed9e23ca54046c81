internal import RedisDriver
internal import SessionCore

/// The decision on openings of one user within a limit, in a Cluster.
///
/// The user's sessions are read and counted, and the openings are announced on the condition that nobody else has
/// announced one meanwhile. Only then are others closed for them, and they are stored.
struct LimitDecision {
  private let store: RedisStore
  private let user: ExactText
  private let limit: LiveSessionLimit
  private let now: Timestamp
  private let deadline: ContinuousClock.Instant
  private var waiting: [LimitedOpening]
  private var answers: [SessionID: OpeningQueue.Answer] = [:]

  /// A decision on openings of the same user and limit, all of different ids; the first has the least time.
  init(_ openings: [LimitedOpening], store: RedisStore) {
    self.store = store
    waiting = openings
    user = openings[0].session.userID
    limit = openings[0].limit
    deadline = openings[0].deadline
    now = openings.reduce(openings[0].now) { max($0, $1.now) }
  }

  /// What became of an opening.
  func answer(to opening: LimitedOpening) -> OpeningQueue.Answer {
    answers[opening.session.id] ?? .failure(StoreError(.unavailable, "The session store is too busy."))
  }

  /// Decides on all.
  mutating func run() async {
    do throws(StoreError) {
      while !waiting.isEmpty {
        guard ContinuousClock.now < deadline else {
          throw StoreError(.unavailable, "Too many sessions of this user are being opened.")
        }
        // Others' openings are waited for: they are over within milliseconds.
        if try await !step() { try? await Task.sleep(for: .milliseconds(Int.random(in: 1...4))) }
      }
    } catch {
      for opening in waiting { answers[opening.session.id] = .failure(error) }
      waiting = []
    }
  }

  private mutating func finish(_ opening: LimitedOpening, _ answer: OpeningQueue.Answer) {
    answers[opening.session.id] = answer
    waiting.removeAll { $0.session.id == opening.session.id }
  }

  /// Gets some further; `false` if another's opening must be waited for.
  private mutating func step() async throws(StoreError) -> Bool {
    let state = try await store.state(of: user, by: deadline)
    if try await store.repair(state, of: user, by: deadline) { return true }
    let known = try await KnownSessions(
      state, and: waiting.map(\.session.id), of: user, at: now, store: store, deadline)
    var isBlocked = false
    var candidates: [LimitedOpening] = []
    for opening in waiting {
      if let stored = known.sessions[opening.session.id], !stored.makesRoom(for: opening.session, at: now) {
        finish(opening, .success(.duplicate))
      } else if known.pending.contains(opening.session.id) {
        isBlocked = true
      } else {
        candidates.append(opening)
      }
    }
    if candidates.isEmpty { return !isBlocked }

    let live = known.live(limit.overflow)
    let room = limit.maximum - known.pending.count - (limit.overflow == .deny ? live.count : 0)
    guard room > 0 else {
      if limit.overflow == .deny, live.count >= limit.maximum {
        for opening in candidates { finish(opening, .success(.limitReached)) }
        return true
      }
      return false
    }
    let taken = Array(candidates.prefix(room))
    let excess = max(0, live.count + known.pending.count + taken.count - limit.maximum)
    // What others see gone before an opening is in the log before it.
    await store.settle(Set(known.closed.map(store.layout.partition(of:))), by: deadline)
    let attempts = taken.map { ($0.session, RedisStore.newAttempt()) }
    guard
      try await store.announce(
        attempts, version: state.version, closed: known.closed, gone: known.gone, by: deadline)
    else { return true }
    await open(taken, attempts: attempts.map(\.1), evicting: live.prefix(excess))
    return true
  }

  private mutating func open(
    _ openings: [LimitedOpening], attempts: [String], evicting victims: ArraySlice<Session>
  ) async {
    var evicted: [Session] = []
    do {
      evicted = try await store.evict(Array(victims), now: now, deadline: deadline)
    } catch {
      for (opening, attempt) in zip(openings, attempts) {
        await store.endOpening(
          opening.session.id, of: user, attempt: attempt, isThere: false, by: store.deadline())
        finish(opening, .failure(error))
      }
      return
    }
    let (store, deadline) = (store, deadline)
    let outcomes = await withTaskGroup(of: (Int, OpeningQueue.Answer).self) { group in
      for (index, opening) in openings.enumerated() {
        group.addTask {
          do throws(StoreError) {
            let outcome = try await store.store(
              opening.session, attempt: attempts[index], by: opening.actor, now: opening.now, deadline: deadline)
            return (index, .success(outcome))
          } catch { return (index, .failure(error)) }
        }
      }
      var outcomes: [Int: OpeningQueue.Answer] = [:]
      for await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes
    }
    // Each eviction is told once: one to each opening, and the rest to the first.
    var rest = evicted[...]
    for (index, opening) in openings.enumerated().reversed() {
      guard let outcome = outcomes[index] else { continue }
      guard case .success(.inserted) = outcome else {
        finish(opening, outcome)
        continue
      }
      let share = index == 0 ? rest : rest.suffix(1)
      rest = rest.dropLast(share.count)
      finish(opening, .success(.inserted(evicted: Array(share))))
    }
  }
}

/// A user's sessions as a decision needs them.
private struct KnownSessions {
  /// Those that are stored, by id: the user's, and those asked for.
  private(set) var sessions: [SessionID: Session] = [:]
  /// Announced, and not stored yet.
  private(set) var pending: Set<SessionID> = []
  /// Among the open, and closed.
  private(set) var closed: [SessionID] = []
  /// Among the open, and not there.
  private(set) var gone: [SessionID] = []
  private let user: ExactText
  private let now: Timestamp

  init(
    _ state: UserState, and others: [SessionID], of user: ExactText, at now: Timestamp, store: RedisStore,
    _ deadline: ContinuousClock.Instant
  ) async throws(StoreError) {
    self.user = user
    self.now = now
    let ids = Set(state.open).union(others)
    let order = Array(ids)
    for (id, session) in zip(order, try await store.sessions(order, by: deadline)) { sessions[id] = session }
    let announced = Set(state.openings.map(\.id))
    pending = announced.filter { id in sessions[id].map { $0.userID != user || !$0.isAlive(at: now) } ?? true }
    for id in state.open where !announced.contains(id) {
      guard let session = sessions[id], session.userID == user else {
        gone.append(id)
        continue
      }
      if session.closeTime != nil { closed.append(id) }
    }
  }

  /// The live ones, the first to be evicted first.
  func live(_ overflow: LiveSessionLimit.Overflow) -> [Session] {
    let order = SessionOrder(overflow == .evictLeastRecent ? .requested : .opened, isDescending: false)
    return sessions.values.filter { $0.userID == user && $0.isAlive(at: now) }.sorted { left, right in
      order.precedes(
        SessionCursor(time: order.time(of: left), id: left.id),
        SessionCursor(time: order.time(of: right), id: right.id))
    }
  }
}

extension RedisStore {
  /// Closes sessions for others, one after the other; those that this call closed.
  fileprivate func evict(
    _ victims: [Session], now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> [Session] {
    var evicted: [Session] = []
    for victim in victims {
      do throws(StoreError) {
        let outcome = try await close(
          victim.id, reason: .evicted, by: Actor(.policy), now: now, deadline: deadline)
        if let outcome, outcome.isClosedNow { evicted.append(outcome.session) }
      } catch {
        if evicted.isEmpty { throw error }
        throw StoreError(
          .unknownOutcome, "The session store failed half-way through.", underlying: error.underlying ?? error)
      }
    }
    return evicted
  }
}
