import MemoryStore
import SessionTesting
import Testing

@Suite("The contract of a shared store") struct SharedContractTests {
  @Test("the shared memory keeps it on one lane", arguments: SharedStoreCase.all)
  func oneLane(promise: SharedStoreCase) async throws {
    try await promise.run {
      let place = SharedMemory(MemoryStore())
      return (place.node(), place.node())
    }
  }

  @Test("and on several", arguments: SharedStoreCase.all)
  func severalLanes(promise: SharedStoreCase) async throws {
    try await promise.run {
      let place = SharedMemory(MemoryStore(), lanes: 3)
      return (place.node(), place.node())
    }
  }

  @Test("is kept by", arguments: TestedStore.shared, SharedStoreCase.all)
  func keeps(store: TestedStore, promise: SharedStoreCase) async throws {
    try await store.onPlace { place in
      try await promise.run { (try await place.openShared(), try await place.openShared()) }
    }
  }

  @Test("every promise has a name of its own")
  func names() {
    #expect(Set(SharedStoreCase.all.map(\.name)).count == SharedStoreCase.all.count)
  }
}
