internal import RedisDriver
internal import SessionCore

/// A list over all partitions, merged from their own lists as far as it is wanted.
struct SessionMerge {
  private struct Source {
    var found: ArraySlice<Session> = []
    var reached: SessionCursor?
    var isAll = false
  }

  private let store: RedisStore
  private let filter: [RedisArgument]
  private let order: SessionOrder
  private let now: Timestamp
  private let hasContents: Bool
  private let share: Int
  private let deadline: ContinuousClock.Instant
  private var sources: [Source]

  /// - Parameters:
  ///   - query: What is asked for.
  ///   - after: The place to begin behind.
  ///   - wanted: About how many will be taken.
  ///   - hasContents: Whether contents come along.
  ///   - now: The time that the filter is about.
  ///   - store: The store.
  ///   - deadline: When to give up.
  init(
    _ query: SessionQuery, after: SessionCursor?, wanted: Int, hasContents: Bool, now: Timestamp, store: RedisStore,
    deadline: ContinuousClock.Instant
  ) {
    self.store = store
    filter = RedisArgument.filter(query.filter)
    order = query.order
    self.now = now
    self.hasContents = hasContents
    self.deadline = deadline
    let partitions = store.layout.partitions
    // What lies evenly spread is there at once; of what does not, more is fetched.
    let even = partitions == 1 ? wanted : wanted / partitions * 2 + 4
    share = min(max(1, even), hasContents ? 100 : 500)
    sources = [Source](repeating: Source(reached: after), count: partitions)
  }

  /// The next so many sessions; fewer at the end.
  mutating func take(_ count: Int) async throws(StoreError) -> [Session] {
    var taken: [Session] = []
    while taken.count < count {
      let empty = sources.indices.filter { sources[$0].found.isEmpty && !sources[$0].isAll }
      if !empty.isEmpty {
        try await fill(empty)
        continue
      }
      guard let first = sources.indices.filter({ !sources[$0].found.isEmpty }).min(by: precedes) else { break }
      if let session = sources[first].found.popFirst() { taken.append(session) }
    }
    return taken
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    guard let left = sources[left].found.first, let right = sources[right].found.first else { return false }
    return order.precedes(
      SessionCursor(time: order.time(of: left), id: left.id), SessionCursor(time: order.time(of: right), id: right.id))
  }

  private mutating func fill(_ empty: [Int]) async throws(StoreError) {
    let words: [RedisArgument] = [RedisArgument(order.key.rawValue), order.isDescending ? "1" : "0"]
    let commands = empty.map { index in
      RedisCommand(
        store.scripts.page, keys: [store.layout.tags[index]],
        [RedisArgument(now)] + filter + words + RedisArgument.place(sources[index].reached)
          + [RedisArgument(share), hasContents ? "1" : "0"])
    }
    for (index, answer) in zip(empty, try await store.send(commands, by: deadline)) {
      let stretch = try Stretch(answer)
      sources[index].found = stretch.sessions[...]
      sources[index].isAll = stretch.isAll
      sources[index].reached = stretch.reached ?? sources[index].reached
    }
  }
}
