import SessionTesting
import Testing

@Suite("The contract of a store") struct ContractTests {
  @Test("is kept by", arguments: TestedStore.all, SessionStoreCase.all)
  func keeps(store: TestedStore, promise: SessionStoreCase) async throws {
    try await store.onPlace { place in try await promise.run { try await place.open() } }
  }

  @Test("every promise has a name of its own")
  func names() {
    #expect(Set(SessionStoreCase.all.map(\.name)).count == SessionStoreCase.all.count)
  }
}
