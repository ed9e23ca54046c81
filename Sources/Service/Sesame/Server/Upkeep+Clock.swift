import Log
import SessionCore

extension Upkeep {
  /// Ends every session whose time was up when the last entry of the log was written, if the clock is behind that now.
  ///
  /// A clock that was set back while no node ran would otherwise bring back whatever had expired and was not yet
  /// written down as closed. Called before anything is served, and so before anything is in the cache.
  func endWhatHadEnded() async throws(StoreError) {
    let store = services.store
    let number = try await store.lastEventNumber()
    let page = try await store.events(after: number - 1, kinds: nil, limit: 1)
    guard let last = page.entries.first?.event.time else { return }
    let now = sessions.clock.now()
    guard now < last else { return }
    // Clocks of nodes differ a little, of which nobody needs to hear.
    if now + Self.usualDifference < last {
      log.warning(
        "clock.behind",
        [
          "seconds": .integer(Int(clamping: (last - now).milliseconds / 1000)),
          "note": "the log's last entry is of a later time; what had expired by then stays so",
        ])
    }
    while try await store.reap(now: last, limit: 500).count == 500 {}
  }

  private static let usualDifference = TimeSpan.seconds(2)
}
