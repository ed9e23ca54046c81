import SessionTesting
import Testing

@Suite("The contract of the event log") struct EventContractTests {
  @Test("is kept by", arguments: TestedStore.all, EventStoreCase.all)
  func keeps(store: TestedStore, promise: EventStoreCase) async throws {
    try await store.onPlace { place in try await promise.run { try await place.open() } }
  }

  @Test("every promise has a name of its own")
  func names() {
    #expect(Set(EventStoreCase.all.map(\.name)).count == EventStoreCase.all.count)
  }
}
