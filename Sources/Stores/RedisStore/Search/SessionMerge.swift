internal import RedisDriver
internal import SessionCore

/// A list over all partitions, merged from their own lists as far as it is wanted.
struct SessionMerge {
  private struct Source {
    var found: ArraySlice<Session> = []
    /// The place of the first of them.
    var head: SessionCursor?
    var reached: SessionCursor?
    var isAll = false
  }

  private let store: RedisStore
  private let filter: [RedisArgument]
  private let order: SessionOrder
  private let now: Timestamp
  private let hasContents: Bool
  private var share: Int
  private var deadline: ContinuousClock.Instant
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
    share = Self.share(of: wanted, partitions: store.layout.partitions, hasContents: hasContents)
    sources = [Source](repeating: Source(reached: after), count: store.layout.partitions)
  }

  /// How much each partition is asked for at a time.
  private static func share(of wanted: Int, partitions: Int, hasContents: Bool) -> Int {
    // What lies evenly spread is there at once; of what does not, more is fetched.
    let even = partitions == 1 ? wanted : wanted / partitions * 2 + 4
    return min(max(1, min(even, wanted)), hasContents ? 100 : 500)
  }

  /// Goes on with another time to give up, for about so many more.
  mutating func goOn(for wanted: Int, by deadline: ContinuousClock.Instant) {
    self.deadline = deadline
    share = Self.share(of: wanted, partitions: sources.count, hasContents: hasContents)
  }

  /// The next so many sessions; fewer at the end.
  mutating func take(_ count: Int) async throws(StoreError) -> [Session] {
    var taken: [Session] = []
    while taken.count < count {
      let empty = sources.indices.filter { sources[$0].head == nil && !sources[$0].isAll }
      if !empty.isEmpty { try await fill(empty) }
      // Until a partition that may have more has none at hand.
      var mayGoOn = empty.isEmpty
      while mayGoOn, taken.count < count {
        guard let first = first() else { return taken }
        if let session = sources[first].found.popFirst() { taken.append(session) }
        sources[first].head = place(of: sources[first].found.first)
        mayGoOn = sources[first].head != nil || sources[first].isAll
      }
    }
    return taken
  }

  /// The partition whose first session comes before all others' at hand.
  private func first() -> Int? {
    var first: (index: Int, head: SessionCursor)?
    for (index, source) in sources.enumerated() {
      guard let head = source.head else { continue }
      if let known = first, order.precedes(known.head, head) { continue }
      first = (index, head)
    }
    return first?.index
  }

  private func place(of session: Session?) -> SessionCursor? {
    session.map { SessionCursor(time: order.time(of: $0), id: $0.id) }
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
      sources[index].head = place(of: stretch.sessions.first)
      sources[index].isAll = stretch.isAll
      sources[index].reached = stretch.reached ?? sources[index].reached
    }
  }
}
