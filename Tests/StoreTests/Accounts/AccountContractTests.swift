import MemoryStore
import SQLiteStore
import SessionTesting
import Testing

@Suite("The contracts of accounts, log-ins and service keys") struct AccountContractTests {
  @Test("the memory store keeps of accounts", arguments: AccountStoreCase.all)
  func memory(promise: AccountStoreCase) async throws {
    try await promise.run { MemoryStore() }
  }

  @Test("the SQLite store keeps of accounts", arguments: AccountStoreCase.all)
  func sqlite(promise: AccountStoreCase) async throws {
    let folder = try TemporaryFolder()
    try await promise.run { try await SQLiteStore(path: folder.file()) }
    withExtendedLifetime(folder) {}
  }

  @Test("the memory store keeps of log-ins", arguments: LoginStoreCase.all)
  func memory(promise: LoginStoreCase) async throws {
    try await promise.run { MemoryStore() }
  }

  @Test("the SQLite store keeps of log-ins", arguments: LoginStoreCase.all)
  func sqlite(promise: LoginStoreCase) async throws {
    let folder = try TemporaryFolder()
    try await promise.run { try await SQLiteStore(path: folder.file()) }
    withExtendedLifetime(folder) {}
  }

  @Test("the memory store keeps of service keys", arguments: ServiceKeyStoreCase.all)
  func memory(promise: ServiceKeyStoreCase) async throws {
    try await promise.run { MemoryStore() }
  }

  @Test("the SQLite store keeps of service keys", arguments: ServiceKeyStoreCase.all)
  func sqlite(promise: ServiceKeyStoreCase) async throws {
    let folder = try TemporaryFolder()
    try await promise.run { try await SQLiteStore(path: folder.file()) }
    withExtendedLifetime(folder) {}
  }

  @Test("every promise has a name of its own")
  func names() {
    let names =
      AccountStoreCase.all.map(\.name) + LoginStoreCase.all.map(\.name) + ServiceKeyStoreCase.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}
