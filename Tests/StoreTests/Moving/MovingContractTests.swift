import Accounts
import SessionTesting
import Testing

@Suite("The contract of a store whose contents can be moved") struct MovingContractTests {
  @Test("is kept by", arguments: TestedStore.all, MovingStoreCase.all)
  func keeps(store: TestedStore, promise: MovingStoreCase) async throws {
    try await store.onPlace { place in
      try await promise.run {
        let store = try await place.open()
        return try #require(store as? any MovingStore)
      }
    }
  }

  @Test("every promise has a name of its own")
  func names() {
    #expect(Set(MovingStoreCase.all.map(\.name)).count == MovingStoreCase.all.count)
  }
}
