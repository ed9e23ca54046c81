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
        if try await !step() { try? await Task.sleep(for: .milliseconds(Int.random(in: 2...8))) }
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
    var openings = inOrder(candidates)
    // Of more than there is room for the first are evicted by the last; or they have to wait for what becomes of them.
    if limit.overflow == .deny { openings = Array(openings.prefix(room)) }
    let passing = max(0, openings.count - room)
    let excess = max(0, live.count + known.pending.count + min(room, openings.count) - limit.maximum)
    // What others see gone before an opening is in the log before it.
    await store.settle(known.closed.map(store.layout.partition(of:)), by: deadline)
    let attempts = openings.map { Attempt(opening: $0, name: RedisStore.newAttempt()) }
    guard
      try await store.announce(
        attempts.map { ($0.opening.session, $0.name) }, version: state.version, closed: known.closed, gone: known.gone,
        by: deadline)
    else { return true }
    await open(attempts, passing: passing, closing: known.expired(besides: openings) + live.prefix(excess))
    return true
  }

  private func inOrder(_ openings: [LimitedOpening]) -> [LimitedOpening] {
    let order = SessionOrder(limit.overflow == .evictLeastRecent ? .requested : .opened, isDescending: false)
    return openings.sorted { left, right in
      order.precedes(
        SessionCursor(time: order.time(of: left.session), id: left.session.id),
        SessionCursor(time: order.time(of: right.session), id: right.session.id))
    }
  }

  private struct Attempt: Sendable {
    let opening: LimitedOpening
    let name: String
    var end: OpeningEnd { OpeningEnd(id: opening.session.id, attempt: name) }
  }

  /// Closes others for announced openings and stores these; the first of them, which leave again at once, before the
  /// last, which stay.
  private mutating func open(_ attempts: [Attempt], passing: Int, closing victims: [Session]) async {
    var closed: [Session] = []
    do throws(StoreError) {
      closed = try await store.evict(victims, now: now, deadline: deadline)
    } catch {
      for attempt in attempts { finish(attempt.opening, .failure(error)) }
      let ends = attempts.map { OpeningEnd(id: $0.opening.session.id, attempt: $0.name, leaves: .gone) }
      await store.end(ends, of: user, by: deadline)
      return
    }
    let first = await stored(Array(attempts.prefix(passing)), isEvicted: true)
    let last = await stored(Array(attempts.dropFirst(passing)), isEvicted: false)
    var ends = closed.map { OpeningEnd(id: $0.id, leaves: .closed) }
    var opened: [LimitedOpening] = []
    for (index, (attempt, answer)) in zip(attempts, first + last).enumerated() {
      switch answer {
      case .success(.inserted(let own)):
        opened.append(attempt.opening)
        closed += own
        ends.append(
          index < passing ? OpeningEnd(id: attempt.end.id, attempt: attempt.name, leaves: .closed) : attempt.end)
      case .success:
        finish(attempt.opening, answer)
        ends.append(attempt.end)
      case .failure(let error):
        finish(attempt.opening, answer)
        if error.code != .unknownOutcome {
          ends.append(OpeningEnd(id: attempt.end.id, attempt: attempt.name, leaves: .gone))
        }
      }
    }
    await store.end(ends, of: user, by: deadline)
    // Each closing is told once, the last to the last: so none is told to itself.
    var rest = closed[...]
    for (index, opening) in opened.enumerated().reversed() {
      let share = index == 0 ? rest : rest.suffix(1)
      rest = rest.dropLast(share.count)
      finish(opening, .success(.inserted(closed: Array(share))))
    }
  }

  /// Stores sessions, all at once, and has that in the log.
  private func stored(_ attempts: [Attempt], isEvicted: Bool) async -> [OpeningQueue.Answer] {
    if attempts.isEmpty { return [] }
    let (store, deadline) = (store, deadline)
    let answers = await withTaskGroup(of: (Int, OpeningQueue.Answer).self) { group in
      for (index, attempt) in attempts.enumerated() {
        group.addTask {
          let opening = attempt.opening
          do throws(StoreError) {
            let outcome = try await store.storeAlone(
              opening.session, attempt: attempt.name, isEvicted: isEvicted, by: opening.actor, now: opening.now,
              deadline: deadline)
            return (index, .success(outcome))
          } catch { return (index, .failure(error)) }
        }
      }
      var answers: [Int: OpeningQueue.Answer] = [:]
      for await (index, answer) in group { answers[index] = answer }
      return attempts.indices.compactMap { answers[$0] }
    }
    await store.settle(attempts.map { store.layout.partition(of: $0.opening.session.id) }, by: deadline)
    return answers
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

  /// Those that are open though their time is up, but for those that are to be opened again.
  func expired(besides openings: [LimitedOpening]) -> [Session] {
    let opened = Set(openings.map(\.session.id))
    return sessions.values.filter { session in
      session.userID == user && session.closeTime == nil && !session.isAlive(at: now) && !opened.contains(session.id)
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
  /// Closes sessions for others, or ends those whose time is up, and has that in the log; those that this call closed.
  fileprivate func evict(
    _ victims: [Session], now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> [Session] {
    if victims.isEmpty { return [] }
    typealias Closing = Result<CloseOutcome?, StoreError>
    let closings = await withTaskGroup(of: (Int, Closing).self) { group in
      for (index, victim) in victims.enumerated() {
        group.addTask {
          do throws(StoreError) {
            let outcome = try await self.close(
              victim.id, reason: .evicted, by: Actor(.policy), now: now, deadline: deadline)
            return (index, .success(outcome))
          } catch { return (index, .failure(error)) }
        }
      }
      var closings: [Int: Closing] = [:]
      for await (index, closing) in group { closings[index] = closing }
      return victims.indices.compactMap { closings[$0] }
    }
    await settle(victims.map { layout.partition(of: $0.id) }, by: deadline)
    var closed: [Session] = []
    var failure: StoreError?
    for closing in closings {
      switch closing {
      case .success(let outcome?) where outcome.isClosedNow || outcome.isEndedNow: closed.append(outcome.session)
      case .success: break
      case .failure(let error): failure = error
      }
    }
    guard let failure else { return closed }
    if closed.isEmpty { throw failure }
    throw StoreError(
      .unknownOutcome, "The session store failed half-way through.", underlying: failure.underlying ?? failure)
  }
}
