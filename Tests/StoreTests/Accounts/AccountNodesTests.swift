import SessionTesting
import Testing

@Suite("Accounts, log-ins and service keys from several nodes") struct AccountNodesTests {
  private static let nodes = 2

  @Test(
    "stores on one place keep the contract of accounts together", arguments: TestedStore.shared, AccountStoreCase.all)
  func keep(store: TestedStore, promise: AccountStoreCase) async throws {
    try await onNodes(store) { nodes in try await promise.run { nodes } }
  }

  @Test("stores on one place keep the contract of log-ins together", arguments: TestedStore.shared, LoginStoreCase.all)
  func keep(store: TestedStore, promise: LoginStoreCase) async throws {
    try await onNodes(store) { nodes in try await promise.run { nodes } }
  }

  @Test(
    "stores on one place keep the contract of keys together", arguments: TestedStore.shared, ServiceKeyStoreCase.all)
  func keep(store: TestedStore, promise: ServiceKeyStoreCase) async throws {
    try await onNodes(store) { nodes in try await promise.run { nodes } }
  }

  private func onNodes(_ store: TestedStore, _ body: (AlternatingStore) async throws -> Void) async throws {
    try await store.onPlace { place in
      let nodes = try await AlternatingStore.opening(place, times: Self.nodes)
      do {
        try await body(nodes)
      } catch {
        await nodes.shutdown()
        throw error
      }
      await nodes.shutdown()
    }
  }
}
