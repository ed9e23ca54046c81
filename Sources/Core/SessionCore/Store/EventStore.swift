/// The durable, ordered log of what happened.
///
/// ## Contract
/// - A store that has both keeps this log itself: each writing verb of ``SessionStore`` adds the entries for what it
///   did in the same atomic step, one for each session changed, by the actor that it was given. What is answered is in
///   the log, and what did not happen is not.
/// - Numbers rise with each entry, are never given twice, and entries become visible in the order of their numbers: a
///   reader that saw number n misses none below it.
/// - All text comes back byte for byte.
public protocol EventStore: Sendable {
  /// Adds entries, in order and in one step.
  func append(_ events: [Event]) async throws(StoreError)

  /// Entries after `number`, oldest first.
  ///
  /// - Parameters:
  ///   - number: the last one already known; 0 for the beginning.
  ///   - kinds: which kinds; `nil` for all.
  ///   - limit: how many at most, 1 or more. A page may hold fewer although more follow.
  /// - Returns: the page.
  /// - Throws: if the store fails.
  func events(
    after number: Int64, kinds: Set<Event.Kind>?, limit: Int
  ) async throws(StoreError) -> EventPage

  /// The number of the newest entry; 0 if there never was one.
  func lastEventNumber() async throws(StoreError) -> Int64

  /// Removes the beginning of the log, at most `limit` entries: up to the first that is not from before `time`, for
  /// what is told late of an earlier time is to stay as long as its neighbours. The newest entry always stays.
  ///
  /// - Returns: how many; fewer than `limit` means that none are left to remove.
  func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int

  /// How far a named follower has got; `nil` if it never said.
  func eventCursor(of follower: String) async throws(StoreError) -> Int64?

  /// Notes how far a named follower has got.
  func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError)
}

extension EventPage {
  /// How many entries a store looks at for one page at most, so that a page of a rare kind costs no more than others.
  ///
  /// As many as are wanted, and with kinds to choose from ten times that, but no fewer than 1,000; never more than
  /// 100,000.
  public static func entriesLookedAt(for limit: Int, isFiltered: Bool) -> Int {
    let wanted = min(max(1, limit), 100_000)
    return isFiltered ? min(max(1000, wanted * 10), 100_000) : wanted
  }
}
