internal import RedisDriver
internal import SessionCore

/// How sessions are opened in a Cluster, where a user's sessions lie in many partitions.
///
/// The user's own partition is told of an opening first, then the session is stored in its partition, then the user's
/// partition is told that it is there. An opening that was announced and not ended counts as a live session, so that
/// there are never too many; if it is older than any call can be, its attempt is made void where it would store, and
/// taken back. So a node that dies on the way leaves nothing that is not repaired by whoever comes next.
extension RedisStore {
  /// Adds a session in a Cluster.
  func open(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> InsertOutcome {
    guard let limit, session.isAlive(at: now) else {
      let attempt = try await announce(session, by: deadline)
      return try await store(session, attempt: attempt, by: actor, now: now, deadline: deadline)
    }
    let opening = LimitedOpening(session: session, limit: limit, actor: actor, now: now, deadline: deadline)
    switch await openings.turn(opening) {
    case .over(let answer): return try answer.get()
    case .lead(let batch, let followers):
      var decision = LimitDecision(batch, store: self)
      await decision.run()
      openings.finish(session.userID)
      for follower in followers {
        follower.continuation.resume(returning: .over(decision.answer(to: follower.opening)))
      }
      return try decision.answer(to: opening).get()
    }
  }

  /// Tells the user's partition of an opening, and answers its attempt's name.
  func announce(_ session: Session, by deadline: ContinuousClock.Instant) async throws(StoreError) -> String {
    let attempt = Self.newAttempt()
    _ = try await announce([(session, attempt)], version: nil, by: deadline)
    return attempt
  }

  static func newAttempt() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// Tells the user's partition of openings, and of what was found out about others.
  ///
  /// - Returns: whether it took that: not if `version` is no longer the version.
  func announce(
    _ openings: [(session: Session, attempt: String)], of user: ExactText? = nil, version: String?,
    closed: [SessionID] = [], gone: [SessionID] = [], by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> Bool {
    guard let user = user ?? openings.first?.session.userID else { return true }
    let century = TimeSpan.days(36_500).milliseconds
    let span = openings.reduce(0) { span, opening in
      max(
        span, min(opening.session.lifetime.milliseconds, century) + min(configuration.retention.milliseconds, century))
    }
    var arguments = [RedisArgument(user.string), RedisArgument(version ?? ""), RedisArgument(span)]
    arguments.append(RedisArgument(openings.count))
    for (session, attempt) in openings {
      arguments += [RedisArgument(session.id.text), RedisArgument(session.openTime), RedisArgument(attempt)]
    }
    for ids in [closed, gone] { arguments += [RedisArgument(ids.count)] + ids.map { RedisArgument($0.text) } }
    return try await write(scripts.announce, at: tag(of: user), arguments, by: deadline).asInteger == 1
  }

  /// The hash tag of a user's partition.
  func tag(of user: ExactText) -> RedisArgument { layout.tags[layout.partition(of: user)] }

  /// Stores a session that was announced, and ends its opening.
  func store(
    _ session: Session, attempt: String, by actor: Actor, now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> InsertOutcome {
    let outcome: InsertOutcome
    do {
      outcome = try await storeAlone(
        session, attempt: attempt, isEvicted: false, by: actor, now: now, deadline: deadline)
    } catch {
      // What surely was not stored need not be waited for.
      if error.code != .unknownOutcome {
        await end(
          [OpeningEnd(id: session.id, attempt: attempt, leaves: .gone)], of: session.userID, by: deadline)
      }
      throw error
    }
    async let ending: Void = end([OpeningEnd(id: session.id, attempt: attempt)], of: session.userID, by: deadline)
    if outcome != .duplicate { await settle(layout.partition(of: session.id), by: deadline) }
    await ending
    return outcome
  }

  /// Stores a session that was announced; its opening is not ended, and what it tells not in the log yet.
  func storeAlone(
    _ session: Session, attempt: String, isEvicted: Bool, by actor: Actor, now: Timestamp,
    deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> InsertOutcome {
    let answer = try await insert(
      session, limit: nil, attempt: attempt, isEvicted: isEvicted, by: actor, now: now, deadline: deadline)
    guard let parts = answer.asArray, let word = parts.first?.asText else { throw .unreadable }
    switch word {
    case "inserted": return .inserted(closed: try parts.dropFirst().map(SessionHash.read))
    case "duplicate": return .duplicate
    case "void":
      throw StoreError(.unavailable, "The session store took this opening for one of a node that died.")
    default: throw .unreadable
    }
  }

  /// Ends openings of a user; if that fails, whoever comes next finds out what became of them.
  func end(_ ends: [OpeningEnd], of user: ExactText, by deadline: ContinuousClock.Instant) async {
    let words = ends.flatMap { end in
      [RedisArgument(end.id.text), RedisArgument(end.attempt), RedisArgument(end.leaves.rawValue)]
    }
    _ = try? await read(
      scripts.confirm, at: tag(of: user), [RedisArgument(user.string), RedisArgument(ends.count)] + words,
      by: deadline)
  }

  /// What a user's partition knows.
  func state(
    of user: ExactText, withClosed hasClosed: Bool = false, by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> UserState {
    try UserState(
      await read(
        scripts.userState, at: tag(of: user), [RedisArgument(user.string), hasClosed ? "1" : "0"], by: deadline))
  }

  /// Has the users' partitions of a Cluster forget sessions that were removed.
  ///
  /// Where that fails, whoever lists them or counts them finds that they are gone.
  func forget(
    _ removed: [(id: SessionID, user: ExactText, opened: Timestamp)], by deadline: ContinuousClock.Instant
  ) async {
    if layout.isSingle { return }
    let commands = Dictionary(grouping: removed, by: \.user).map { user, removed in
      RedisCommand(
        scripts.forgetOpened, keys: [tag(of: user)],
        [RedisArgument(user.string), RedisArgument(removed.count)]
          + removed.flatMap { [RedisArgument($0.id.text), RedisArgument($0.opened)] })
    }
    _ = try? await send(commands, by: deadline)
  }

  /// After how long an opening that nobody has ended is taken for one of a node that died: twice what a call takes,
  /// and a second, but 10 seconds at most.
  private var patience: TimeSpan {
    let timeout = min(configuration.timeout, .seconds(10)).milliseconds
    return min(TimeSpan(milliseconds: 2 * timeout + 1000), .seconds(10))
  }

  /// Ends the openings of nodes that died: first so that they can't be made any more, or were; then for the user.
  ///
  /// - Returns: whether there were any.
  func repair(_ state: UserState, of user: ExactText, by deadline: ContinuousClock.Instant) async throws(StoreError)
    -> Bool
  {
    var isRepaired = false
    for opening in state.openings where opening.age >= patience {
      let answer = try await write(
        scripts.void, at: tag(of: opening.id), [RedisArgument(opening.id.text), RedisArgument(opening.attempt)],
        by: deadline)
      await end(
        [OpeningEnd(id: opening.id, attempt: opening.attempt, leaves: answer.asInteger == 1 ? .open : .gone)],
        of: user, by: deadline)
      isRepaired = true
    }
    return isRepaired
  }
}
