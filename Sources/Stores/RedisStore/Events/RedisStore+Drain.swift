internal import RedisDriver
internal import SessionCore

/// How entries get from the partitions of a Cluster into the event log, which is in one place.
///
/// A script that changes something leaves its entries in its partition's outbox, in the same step. Before the verb
/// answers they are moved; if that can't be done they stay, and are moved with the next ones, by whatever node.
extension RedisStore {
  private static let batch = 512

  /// Has everything that a partition has told until now in the log, if that is possible in time.
  func settle(_ partition: Int, by deadline: ContinuousClock.Instant) async {
    await settle([partition], by: deadline)
  }

  /// Has everything that partitions have told until now in the log, if that is possible in time; as far as it is not
  /// there yet, one partition's after the other's.
  func settle(_ partitions: [Int], by deadline: ContinuousClock.Instant) async {
    if layout.isSingle { return }
    var led: Set<Int> = []
    // By number, so that no two wait for each other.
    for partition in Set(partitions).sorted() {
      if case .lead = await drain.turn(partition, by: deadline) { led.insert(partition) }
    }
    var isTimeUp = false
    var rest = led
    do { try await move(partitions.filter { rest.remove($0) != nil }, by: deadline) } catch {
      isTimeUp = ContinuousClock.now >= deadline
    }
    for partition in led { drain.finish(partition, isTimeUp: isTimeUp) }
  }

  private func move(_ partitions: [Int], by deadline: ContinuousClock.Instant) async throws(StoreError) {
    var partitions = partitions
    while !partitions.isEmpty {
      let limit = max(8, Self.batch / partitions.count)
      let collecting = partitions.map { partition in
        RedisCommand(
          scripts.collect, keys: [layout.tags[partition]],
          [RedisArgument(drain.delivered(partition)), RedisArgument(limit)])
      }
      var found: [Int] = []
      var rest: [Int] = []
      var arguments: [RedisArgument] = []
      for (partition, collected) in zip(partitions, try await send(collecting, by: deadline)) {
        guard let entries = collected.asArray else { throw .unreadable }
        if entries.isEmpty { continue }
        found.append(partition)
        if entries.count == limit { rest.append(partition) }
        arguments += [RedisArgument(partition), RedisArgument(entries.count)]
        for entry in entries { arguments += try Self.words(entry) }
      }
      if found.isEmpty { return }
      let answer = try await write(
        scripts.deliver, at: layout.log, [RedisArgument(found.count)] + arguments, by: deadline)
      for (partition, delivered) in zip(found, answer.asArray ?? []) {
        guard let delivered = delivered.asBytes else { throw .unreadable }
        drain.setDelivered(delivered, of: partition)
      }
      partitions = rest
    }
  }

  /// An entry of an outbox as the log's script takes it.
  private static func words(_ entry: RedisReply) throws(StoreError) -> [RedisArgument] {
    guard let parts = entry.asArray, parts.count == 2, let id = parts[0].asBytes, let words = parts[1].asArray
    else { throw .unreadable }
    var arguments = [RedisArgument(id), RedisArgument(words.count)]
    for word in words {
      guard let word = word.asBytes else { throw .unreadable }
      arguments.append(RedisArgument(word))
    }
    return arguments
  }

  /// Moves what nodes that failed have left behind, at most ten times a second, and as far as that is possible.
  func sweep(by deadline: ContinuousClock.Instant) async {
    guard !layout.isSingle, drain.isSweepDue() else { return }
    // A server that hangs must not take all the time of one who only wants to read.
    let half = ContinuousClock.now + (deadline - .now) / 2
    if let left = try? await left(by: half) { await settle(left, by: half) }
  }

  /// The partitions that have entries which the log has not got.
  private func left(by deadline: ContinuousClock.Instant) async throws(StoreError) -> [Int] {
    let last = layout.tags.map { tag in
      RedisCommand("XREVRANGE", key: RedisArgument(tag.bytes + Array(":outbox".utf8)), "+", "-", "COUNT", "1")
    }
    let delivered = RedisCommand("HGETALL", key: RedisArgument(layout.log.bytes + Array(":delivered".utf8)))
    let answers = try await send([delivered] + last, by: deadline)
    var known: [Int: [UInt8]] = [:]
    let words = answers[0].asArray ?? []
    for index in stride(from: 0, to: words.count - 1, by: 2) {
      if let partition = words[index].asInteger { known[Int(clamping: partition)] = words[index + 1].asBytes }
    }
    var left: [Int] = []
    for (partition, answer) in answers.dropFirst().enumerated() {
      guard let entry = answer.asArray?.first?.asArray?.first?.asBytes else { continue }
      if known[partition] != entry { left.append(partition) }
    }
    return left
  }
}
