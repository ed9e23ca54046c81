internal import SessionCore

/// Live sessions, newest first, in pieces: few at first, and more and more as they are gone through.
struct LiveWalk {
  private enum Source {
    /// All partitions' sessions, in their order.
    case merge(SessionMerge)
    /// One user's sessions in a Cluster, which are looked at whole.
    case user
    case end
  }

  private static let largest = 500

  private let store: RedisStore
  private let query: SessionQuery
  private let now: Timestamp
  private var source: Source
  private var piece: Int

  /// A walk over the live sessions that match a filter, after a place.
  init(_ filter: SessionFilter, after: SessionCursor?, limit: Int, now: Timestamp, store: RedisStore) {
    self.store = store
    self.now = now
    query = SessionQuery(filter, order: .newest, after: after, limit: .max)
    // A page, and one more that says whether others follow.
    piece = min(limit, Self.largest - 1) + 1
    source =
      filter.userID != nil && !store.layout.isSingle
      ? .user
      : .merge(
        SessionMerge(
          query, after: after, wanted: piece, hasContents: false, now: now, store: store, deadline: store.deadline()))
  }

  /// The next sessions; `nil` at the end.
  ///
  /// Each piece has the time of a call of its own: a walk for something rare is long.
  mutating func next() async throws(StoreError) -> [Session]? {
    switch source {
    case .end: return nil
    case .user:
      source = .end
      return try await store.page(query, now: now).sessions
    case .merge(var merge):
      // It is not gone on with for nobody.
      guard !Task.isCancelled else { throw StoreError(.unavailable, "The list was given up.") }
      try store.checkOpen()
      merge.goOn(for: piece, by: store.deadline())
      let sessions = try await merge.take(piece)
      source = sessions.count < piece ? .end : .merge(merge)
      piece = min(piece * 2, Self.largest)
      return sessions
    }
  }
}
