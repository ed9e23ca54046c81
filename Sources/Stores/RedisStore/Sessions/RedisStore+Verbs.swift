internal import RedisDriver
public import SessionCore

extension RedisStore: PromptSessionStore {
  /// Adds a session: one script on one server; in a Cluster its user's partition is told first, and with a limit the
  /// user's other sessions are read.
  public func insert(
    _ session: Session, limit: LiveSessionLimit?, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> InsertOutcome {
    let deadline = deadline()
    try checkOpen()
    guard layout.isSingle else {
      return try await open(session, limit: limit, by: actor, now: now, deadline: deadline)
    }
    let answer = try await insert(session, limit: limit, attempt: nil, by: actor, now: now, deadline: deadline)
    return try outcome(answer)
  }

  /// Runs the script that inserts; with `isEvicted` the session is closed in the same step.
  func insert(
    _ session: Session, limit: LiveSessionLimit?, attempt: String?, isEvicted: Bool = false, by actor: Actor,
    now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> RedisReply {
    var arguments = [RedisArgument(session.id.text), RedisArgument(now)]
    arguments.append(limit.map { RedisArgument($0.maximum) } ?? "")
    arguments.append(limit.map { RedisArgument($0.overflow.rawValue) } ?? "")
    arguments += [RedisArgument(attempt ?? ""), isEvicted ? "1" : "0"]
    arguments += RedisArgument.actor(actor) + SessionHash.arguments(session)
    return try await write(scripts.insert, at: tag(of: session.id), arguments, by: deadline)
  }

  private func outcome(_ answer: RedisReply) throws(StoreError) -> InsertOutcome {
    guard let parts = answer.asArray, let word = parts.first?.asText else { throw .unreadable }
    switch word {
    case "duplicate": return .duplicate
    case "limit": return .limitReached
    case "inserted": return .inserted(closed: try parts.dropFirst().map(SessionHash.read))
    default: throw .unreadable
    }
  }

  /// The hash tag of a session's partition.
  func tag(of id: SessionID) -> RedisArgument { layout.tags[layout.partition(of: id)] }

  /// The session as stored, by one command.
  public func session(_ id: SessionID) async throws(StoreError) -> Session? {
    let question = SessionHash.question.command(for: layout.key(of: id).bytes)
    return try SessionHash.read(id, try await send(question, by: deadline()))
  }

  /// The same without a task; told on the thread of the connections.
  public func session(_ id: SessionID, then: @escaping @Sendable (Result<Session?, StoreError>) -> Void) {
    do { try checkOpen() } catch { return then(.failure(error)) }
    client.send(SessionHash.question.command(for: layout.key(of: id).bytes), deadline: deadline()) { outcome in
      switch outcome {
      case .failure(let error): then(.failure(StoreError(reading: error)))
      case .success(let answer): then(Result { () throws(StoreError) in try SessionHash.read(id, answer) })
      }
    }
  }

  /// Sessions as stored, by one command each, all sent together.
  func sessions(
    _ ids: [SessionID], by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> [Session?] {
    let commands = ids.map { SessionHash.question.command(for: layout.key(of: $0).bytes) }
    let answers = try await send(commands, by: deadline)
    var sessions: [Session?] = []
    sessions.reserveCapacity(ids.count)
    for (id, answer) in zip(ids, answers) { sessions.append(try SessionHash.read(id, answer)) }
    return sessions
  }

  /// Replaces a live session that is still at `revision`, by one script.
  ///
  /// In a Cluster a new user or open time is told to the user's partition first.
  public func replace(
    _ session: Session, revision: Int64, as change: SessionEvent.Change, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> Bool {
    let deadline = deadline()
    let (kind, reason) = EventFields.kind(of: change)
    var attempt: String?
    while true {
      let answer = try await write(
        scripts.replace, at: tag(of: session.id),
        [
          RedisArgument(session.id.text), RedisArgument(revision), RedisArgument(now), kind, reason,
          attempt == nil ? "0" : "1",
        ] + RedisArgument.actor(actor) + SessionHash.arguments(session), by: deadline)
      switch answer.asInteger {
      case 0, 1:
        if let attempt {
          await end([OpeningEnd(id: session.id, attempt: attempt)], of: session.userID, by: deadline)
        }
        guard answer.asInteger == 1 else { return false }
        await settle(layout.partition(of: session.id), by: deadline)
        return true
      case 2 where attempt == nil: attempt = try await announce(session, by: deadline)
      default: throw .unreadable
      }
    }
  }

  /// Closes one live session, or writes down the end of one whose time was up, by one script.
  public func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp
  ) async throws(StoreError) -> CloseOutcome? {
    let deadline = deadline()
    let outcome = try await close(id, reason: reason, by: actor, now: now, deadline: deadline)
    // Whoever sees it closed sees that in the log, too.
    if outcome?.session.closeTime != nil { await settle(layout.partition(of: id), by: deadline) }
    return outcome
  }

  /// Runs the script that closes; what it tells is not in a Cluster's log yet.
  func close(
    _ id: SessionID, reason: CloseReason, by actor: Actor, now: Timestamp, deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> CloseOutcome? {
    let answer = try await write(
      scripts.close, at: tag(of: id),
      [RedisArgument(id.text), RedisArgument(now), RedisArgument(reason.rawValue)] + RedisArgument.actor(actor),
      by: deadline)
    if answer.isNull { return nil }
    guard let parts = answer.asArray, parts.count == 2, let what = parts[0].asInteger else {
      throw .unreadable
    }
    return CloseOutcome(isClosedNow: what == 1, isEndedNow: what == 2, session: try SessionHash.read(parts[1]))
  }

  /// Moves request times of open sessions forward, one script for up to 500 in each partition.
  public func touch(_ touches: [SessionTouch]) async throws(StoreError) {
    try checkOpen()
    if touches.isEmpty { return }
    var commands: [RedisCommand] = []
    for (partition, touches) in Dictionary(grouping: touches, by: { layout.partition(of: $0.id) }) {
      var rest = touches[...]
      while !rest.isEmpty {
        let batch = rest.prefix(500)
        rest = rest.dropFirst(500)
        let words = batch.flatMap { [RedisArgument($0.id.text), RedisArgument($0.requestTime)] }
        commands.append(
          RedisCommand(scripts.touch, keys: [layout.tags[partition]], [RedisArgument(batch.count)] + words))
      }
    }
    let deadline = deadline()
    if commands.count == 1 {
      _ = try await write(commands[0], by: deadline)
      return
    }
    // To touch again does no harm, so that a touch that reached some partitions only is none that failed half-way.
    do { _ = try await client.send(commands, deadline: deadline) } catch { throw StoreError(writing: error) }
  }

  /// Removes a session, open or closed, by one script.
  public func remove(_ id: SessionID, by actor: Actor, now: Timestamp) async throws(StoreError) -> Session? {
    let deadline = deadline()
    let answer = try await write(
      scripts.remove, at: tag(of: id), [RedisArgument(id.text), RedisArgument(now)] + RedisArgument.actor(actor),
      by: deadline)
    if answer.isNull { return nil }
    let session = try SessionHash.read(answer)
    async let forgetting: Void = forget([(id, session.userID, session.openTime)], by: deadline)
    await settle(layout.partition(of: id), by: deadline)
    await forgetting
    return session
  }
}
