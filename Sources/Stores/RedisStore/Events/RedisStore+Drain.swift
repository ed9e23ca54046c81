internal import RedisDriver
internal import SessionCore

/// How entries get from the partitions of a Cluster into the event log, which is in one place.
///
/// A script that changes something leaves its entries in its partition's outbox, in the same step. Before the verb
/// answers they are moved; if that can't be done they stay, and are moved with the next ones, by whatever node.
extension RedisStore {
  private static let batch = 500

  /// Has everything that partitions have told until now in the log, if that is possible in time.
  func settle(_ partitions: Set<Int>, by deadline: ContinuousClock.Instant) async {
    if layout.isSingle { return }
    if partitions.count == 1, let partition = partitions.first { return await settle(partition, by: deadline) }
    await withTaskGroup(of: Void.self) { group in
      for partition in partitions { group.addTask { await self.settle(partition, by: deadline) } }
    }
  }

  /// Has everything that a partition has told until now in the log, if that is possible in time.
  func settle(_ partition: Int, by deadline: ContinuousClock.Instant) async {
    guard !layout.isSingle, case .lead = await drain.turn(partition, by: deadline) else { return }
    do {
      try await move(partition, by: deadline)
      drain.finish(partition, isTimeUp: false)
    } catch {
      drain.finish(partition, isTimeUp: ContinuousClock.now >= deadline)
    }
  }

  private func move(_ partition: Int, by deadline: ContinuousClock.Instant) async throws(StoreError) {
    while true {
      let collected = try await read(
        scripts.collect, at: layout.tags[partition],
        [RedisArgument(drain.delivered(partition)), RedisArgument(Self.batch)], by: deadline)
      guard let entries = collected.asArray else { throw .unreadable }
      if entries.isEmpty { return }
      var arguments = [RedisArgument(partition), RedisArgument(entries.count)]
      for entry in entries {
        guard let parts = entry.asArray, parts.count == 2, let id = parts[0].asBytes, let words = parts[1].asArray
        else { throw .unreadable }
        arguments += [RedisArgument(id), RedisArgument(words.count)]
        for word in words {
          guard let word = word.asBytes else { throw .unreadable }
          arguments.append(RedisArgument(word))
        }
      }
      let answer = try await write(scripts.deliver, at: layout.log, arguments, by: deadline)
      guard let delivered = answer.asBytes else { throw .unreadable }
      drain.setDelivered(delivered, of: partition)
      if entries.count < Self.batch { return }
    }
  }

  /// Moves what nodes that failed have left behind, at most ten times a second.
  func sweep(by deadline: ContinuousClock.Instant) async throws(StoreError) {
    guard !layout.isSingle, drain.isSweepDue() else { return }
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
    var left: Set<Int> = []
    for (partition, answer) in answers.dropFirst().enumerated() {
      guard let entry = answer.asArray?.first?.asArray?.first?.asBytes else { continue }
      if known[partition] != entry { left.insert(partition) }
    }
    await settle(left, by: deadline)
  }
}
