public import Accounts
internal import RedisDriver
public import SessionCore

extension RedisStore: MovingStore {
  /// So many sessions that nobody else waits long for a script.
  private static let sessionsAtOnce = 50

  /// Adds sessions, fifty in a script; in a Cluster each by scripts of its own, for they lie in many partitions.
  public func insertAll(_ sessions: [Session]) async throws(StoreError) -> Int {
    try checkOpen()
    guard layout.isSingle else { return try await insertEach(sessions) }
    var count = 0
    for start in stride(from: 0, to: sessions.count, by: Self.sessionsAtOnce) {
      let part = sessions[start..<min(start + Self.sessionsAtOnce, sessions.count)]
      count += try await store(part.map { ($0, "") }, at: layout.tags[0], by: deadline())
    }
    return count
  }

  /// Adds sessions of a Cluster, some at once: the user's partition is told of each first.
  private func insertEach(_ sessions: [Session]) async throws(StoreError) -> Int {
    var count = 0
    for start in stride(from: 0, to: sessions.count, by: Self.sessionsAtOnce) {
      let part = sessions[start..<min(start + Self.sessionsAtOnce, sessions.count)]
      let outcome = await withTaskGroup(of: Result<Int, StoreError>.self) { group in
        for session in part {
          group.addTask {
            do throws(StoreError) { return .success(try await self.insertAlone(session)) } catch {
              return .failure(error)
            }
          }
        }
        return await group.reduce(Result<Int, StoreError>.success(0)) { sum, one in
          sum.flatMap { sum in one.map { sum + $0 } }
        }
      }
      count += try outcome.get()
    }
    return count
  }

  private func insertAlone(_ session: Session) async throws(StoreError) -> Int {
    let deadline = deadline()
    let attempt = try await announce(session, by: deadline)
    let what: OpeningEnd.Rest = session.closeTime == nil ? .open : .closed
    let count: Int
    do throws(StoreError) {
      count = try await store([(session, attempt)], at: tag(of: session.id), by: deadline)
    } catch {
      if error.code != .unknownOutcome {
        await end([OpeningEnd(id: session.id, attempt: attempt, leaves: .gone)], of: session.userID, by: deadline)
      }
      throw error
    }
    await end([OpeningEnd(id: session.id, attempt: attempt, leaves: what)], of: session.userID, by: deadline)
    return count
  }

  private func store(
    _ sessions: [(session: Session, attempt: String)], at tag: RedisArgument, by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> Int {
    var arguments = [RedisArgument(sessions.count)]
    for (session, attempt) in sessions {
      arguments += [RedisArgument(session.id.text), RedisArgument(attempt)] + SessionHash.arguments(session)
    }
    let reply = try await write(scripts.insertAll, at: tag, arguments, by: deadline)
    guard let count = reply.asInteger else { throw .unreadable }
    return Int(clamping: count)
  }

  /// Adds an account under its own number, by one script.
  public func move(_ moved: MovedAccount) async throws(StoreError) -> AccountMoveOutcome {
    let account = moved.account
    var fields = AccountHash.fields(account.profile)
    fields += [
      ("created", String(account.created.milliseconds)), ("revision", String(account.revision)),
      ("has_password", moved.password == nil ? "0" : "1"),
    ]
    if moved.due != nil { fields.append(("closing_due", "1")) }
    let reply = try await changeDirectory(
      scripts.accounts.move,
      [RedisArgument(account.id.number)] + Self.arguments(fields) + [.optional(moved.password?.text)], by: deadline())
    let words = reply.asArray ?? []
    switch words.first?.asText {
    case "added": return .added
    case "number":
      guard words.count == 2, let created = words[1].asInteger else { throw AccountHash.damaged }
      return moved.outcome(besideOneOf: Timestamp(milliseconds: created))
    case "taken": return .taken(try Self.member(words))
    default: throw AccountHash.damaged
    }
  }

  /// The digest, by the key's number.
  public func digest(ofKey id: Int64) async throws(StoreError) -> [UInt8]? {
    let reply = try await askDirectory("HGET", "service_key:\(id)", "digest", by: deadline())
    return reply.isNull ? nil : try ServiceKeyHash.digest(reply.asText)
  }
}
