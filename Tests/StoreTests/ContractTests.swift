import MemoryStore
import SQLiteStore
import SessionCore
import SessionTesting
import Testing

@Suite("The contract of a store") struct ContractTests {
  @Test("the memory store keeps", arguments: SessionStoreCase.all)
  func memory(promise: SessionStoreCase) async throws {
    try await promise.run { MemoryStore() }
  }

  @Test("the SQLite store keeps", arguments: SessionStoreCase.all)
  func sqlite(promise: SessionStoreCase) async throws {
    let folder = try TemporaryFolder()
    try await promise.run { try await SQLiteStore(path: folder.file()) }
    withExtendedLifetime(folder) {}
  }

  @Test("every promise has a name of its own")
  func names() {
    #expect(Set(SessionStoreCase.all.map(\.name)).count == SessionStoreCase.all.count)
  }
}
