import Metrics
import SessionCore

/// A store's event log that counts the log-ins that are added to it.
struct CountedEvents: EventStore {
  private let store: any EventStore
  private let successes: Counter
  private let refusals: Counter

  init(_ store: any EventStore, metrics: Metrics) {
    self.store = store
    let help = "Log-ins by what became of them; of a flood only the first refusals are counted."
    successes = metrics.counter("sesame_logins_total", help: help, labels: ["outcome": "succeeded"])
    refusals = metrics.counter("sesame_logins_total", help: help, labels: ["outcome": "refused"])
  }

  /// How many log-ins opened a session, and how many were refused.
  var counts: (succeeded: UInt64, refused: UInt64) { (successes.value, refusals.value) }

  func append(_ events: [Event]) async throws(StoreError) {
    try await store.append(events)
    for event in events {
      switch event.kind {
      case .loginSucceeded: successes.increment()
      case .loginRefused: refusals.increment()
      default: break
      }
    }
  }

  func events(after number: Int64, kinds: Set<Event.Kind>?, limit: Int) async throws(StoreError) -> EventPage {
    try await store.events(after: number, kinds: kinds, limit: limit)
  }

  func lastEventNumber() async throws(StoreError) -> Int64 { try await store.lastEventNumber() }

  func purgeEvents(before time: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await store.purgeEvents(before: time, limit: limit)
  }

  func eventCursor(of follower: String) async throws(StoreError) -> Int64? {
    try await store.eventCursor(of: follower)
  }

  func setEventCursor(_ number: Int64, of follower: String) async throws(StoreError) {
    try await store.setEventCursor(number, of: follower)
  }
}
