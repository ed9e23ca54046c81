public import Accounts
internal import RedisDriver
public import SessionCore

/// What logging in must remember, in one partition of the database: see ``LoginLua``.
///
/// In a Cluster one primary counts all tries. That is one or two short scripts for each log-in, hundreds of times less
/// than the hashing of its password costs.
extension RedisStore: LoginStore {
  /// Counts one try against every rule or against none, in one script.
  public func countAttempt(_ rules: [AttemptRule], now: Timestamp) async throws(StoreError) -> AttemptVerdict {
    var arguments = [RedisArgument(now), RedisArgument(Self.noteSlack.milliseconds)]
    for rule in rules {
      arguments += [
        RedisArgument(rule.key), Self.number(Int64(rule.limit)), Self.number(rule.window.milliseconds),
        rule.delayAfter.map { Self.number(Int64($0)) } ?? "", Self.number(rule.firstDelay.milliseconds),
        Self.number(rule.longestDelay.milliseconds),
      ]
    }
    guard let wait = try await changeLogins(scripts.logins.count, arguments).asInteger, wait >= 0 else {
      throw Self.damagedNote
    }
    return wait == 0 ? .allowed : .refused(retryAfter: TimeSpan(milliseconds: wait))
  }

  /// Forgets the tries counted under these keys, in one script.
  public func forgetAttempts(_ keys: [String]) async throws(StoreError) {
    _ = try await changeLogins(scripts.logins.forget, keys.map { RedisArgument($0) })
  }

  /// Takes one counted try back under each of these keys, in one script.
  public func returnAttempts(_ keys: [String]) async throws(StoreError) {
    _ = try await changeLogins(scripts.logins.giveBack, keys.map { RedisArgument($0) })
  }

  /// Notes a use; a note that is there counts until it is purged, or until the server lets it go a day after its time.
  public func useOnce(_ key: String, until end: Timestamp, now: Timestamp) async throws(StoreError) -> Bool {
    let span = Self.number((end - now).milliseconds + Self.noteSlack.milliseconds)
    let reply = try await changeLogins(scripts.logins.use, [RedisArgument(key), RedisArgument(end), span])
    return reply.asInteger == 1
  }

  /// Removes notes whose time is over, in steps of at most a thousand.
  public func purgeLoginNotes(now: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try checkOpen()
    var removed = 0
    var isAtEnd = false
    while removed < limit, !isAtEnd {
      let wanted = min(limit - removed, Self.longestWalk)
      let reply = try await changeLogins(scripts.logins.purge, [RedisArgument(now), RedisArgument(wanted)])
      guard let count = reply.asInteger else { throw Self.damagedNote }
      removed += Int(count)
      isAtEnd = count < wanted
    }
    return removed
  }

  private func changeLogins(
    _ script: RedisScript, _ arguments: [RedisArgument]
  ) async throws(StoreError) -> RedisReply {
    try await write(script, at: layout.logins, arguments, by: deadline())
  }

  /// For how long a note outlasts its time if nobody purges it.
  private static var noteSlack: TimeSpan { .days(1) }

  /// A number that Lua holds exactly: beyond 2^53 none of these means anything more.
  private static func number(_ number: Int64) -> RedisArgument {
    RedisArgument(min(max(number, -9_007_199_254_740_991), 9_007_199_254_740_991))
  }

  private static var damagedNote: StoreError {
    StoreError(.corrupt, "The session database holds a count of log-ins that can't be read.")
  }
}
