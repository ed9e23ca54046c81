internal import RedisDriver
internal import SessionCore

/// The directory: the one partition in which accounts and service keys are.
extension RedisStore {
  /// How many entries of an index one step looks at, so that the server is not kept from others.
  static var longestWalk: Int { 1000 }

  /// Runs a script that writes.
  func changeDirectory(
    _ script: RedisScript, _ arguments: [RedisArgument], by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> RedisReply {
    try await write(script, at: layout.tags[layout.directory], arguments, by: deadline)
  }

  /// Runs a script that reads.
  func askDirectory(
    _ script: RedisScript, _ arguments: [RedisArgument], by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> RedisReply {
    try await read(script, at: layout.tags[layout.directory], arguments, by: deadline)
  }

  /// Sends a command that reads one key.
  func askDirectory(
    _ command: String, _ key: String, _ argument: RedisArgument? = nil, by deadline: ContinuousClock.Instant
  ) async throws(StoreError) -> RedisReply {
    let key = layout.key(key, in: layout.directory)
    let words = [RedisArgument(command), key] + (argument.map { [$0] } ?? [])
    return try await send(RedisCommand(words, route: .key(key)), by: deadline)
  }

  /// Names and values as a script takes them: how many words, and each.
  static func arguments(_ fields: [(name: String, value: String)]) -> [RedisArgument] {
    [RedisArgument(fields.count * 2)] + fields.flatMap { [RedisArgument($0.name), RedisArgument($0.value)] }
  }

  /// An event or none as a script takes it.
  static func arguments(_ event: Event?) -> [RedisArgument] { event.map(EventFields.arguments) ?? [0] }
}
