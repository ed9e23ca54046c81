public import SessionCore

/// One promise of `EventStore`, and the test that a store keeps it.
///
/// Most of them are about the log that a store keeps of its own writing verbs; a store's own test target runs them as
/// it runs those of ``SessionStoreCase``.
public struct EventStoreCase: Sendable, CustomStringConvertible {
  /// The promise, as a sentence that begins with "log" and the verb it is about.
  public let name: String
  private let body: @Sendable (ConformanceProbe, any EventStore) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (ConformanceProbe, any EventStore) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The promise.
  public var description: String { name }

  /// Runs the case on a store of its own, which it shuts down in the end.
  ///
  /// Throws ``ConformanceFailure`` if the promise is broken, or if a verb throws where it should answer; what
  /// `makeStore` throws is thrown on.
  public func run(on makeStore: @Sendable () async throws -> any SessionStore & EventStore) async throws {
    let store = try await makeStore()
    do {
      try await body(ConformanceProbe(caseName: name, store: store), store)
    } catch {
      await store.shutdown()
      throw error as? ConformanceFailure
        ?? ConformanceFailure(caseName: name, expectation: "no error", found: "\(error)")
    }
    await store.shutdown()
  }

  /// Every promise, in the order of the protocol, and then what the verbs of a session store leave in the log.
  public static let all: [EventStoreCase] =
    appendCases + pageCases + purgeCases + cursorCases + raceCases + lifecycleCases + openingCases + changingCases
    + closingCases + removingCases + replayCases
}

extension EventStore {
  /// The whole log, read in pages of `limit`.
  func all(
    _ probe: ConformanceProbe, after number: Int64 = 0, kinds: Set<Event.Kind>? = nil, limit: Int = 100
  ) async throws -> [LoggedEvent] {
    var entries: [LoggedEvent] = []
    var next = number
    while true {
      let page = try await events(after: next, kinds: kinds, limit: limit)
      try probe.expect(page.entries.count <= limit, "at most \(limit) on a page", found: "\(page.entries.count)")
      try probe.expect(page.next >= (page.entries.last?.number ?? next), "a page to end with its last entry or later")
      entries += page.entries
      guard page.hasMore else { return entries }
      try probe.expect(page.next > next, "a page before another one to get on", found: "\(page)")
      next = page.next
    }
  }

  /// What the log tells, without the numbers, leaving out its first `count` entries.
  func story(_ probe: ConformanceProbe, from count: Int = 0) async throws -> [Event] {
    try await all(probe).dropFirst(count).map(\.event)
  }
}
