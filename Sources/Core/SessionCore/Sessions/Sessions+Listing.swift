extension Sessions {
  /// One page of a list, settled.
  ///
  /// Request times that had not reached the store are written first, so that the list is exact.
  public func sessions(matching query: SessionQuery) async throws(StoreError) -> SessionPage {
    try await flushTouches()
    let now = clock.now()
    var page = try await store.page(query, now: now)
    page.sessions = page.sessions.map { $0.settled(at: now) }
    return page
  }

  /// How many sessions match.
  public func count(_ filter: SessionFilter) async throws(StoreError) -> Int {
    try await flushTouches()
    return try await store.count(filter, now: clock.now())
  }
}
