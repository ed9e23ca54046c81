import SessionTesting
import Testing

@Suite("The contracts of accounts, log-ins and service keys") struct AccountContractTests {
  @Test("that of accounts is kept by", arguments: TestedStore.all, AccountStoreCase.all)
  func keeps(store: TestedStore, promise: AccountStoreCase) async throws {
    try await store.onPlace { place in try await promise.run { try await place.open() } }
  }

  @Test("that of log-ins is kept by", arguments: TestedStore.all, LoginStoreCase.all)
  func keeps(store: TestedStore, promise: LoginStoreCase) async throws {
    try await store.onPlace { place in try await promise.run { try await place.open() } }
  }

  @Test("that of service keys is kept by", arguments: TestedStore.all, ServiceKeyStoreCase.all)
  func keeps(store: TestedStore, promise: ServiceKeyStoreCase) async throws {
    try await store.onPlace { place in try await promise.run { try await place.open() } }
  }

  @Test("every promise has a name of its own")
  func names() {
    let names =
      AccountStoreCase.all.map(\.name) + LoginStoreCase.all.map(\.name) + ServiceKeyStoreCase.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
