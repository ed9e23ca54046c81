import MemoryStore
import SQLiteStore
import SessionTesting
import Testing

@Suite("The contract of the event log") struct EventContractTests {
  @Test("the memory store keeps", arguments: EventStoreCase.all)
  func memory(promise: EventStoreCase) async throws {
    try await promise.run { MemoryStore() }
  }

  @Test("the SQLite store keeps", arguments: EventStoreCase.all)
  func sqlite(promise: EventStoreCase) async throws {
    let folder = try TemporaryFolder()
    try await promise.run { try await SQLiteStore(path: folder.file()) }
    withExtendedLifetime(folder) {}
  }

  @Test("every promise has a name of its own")
  func names() {
    #expect(Set(EventStoreCase.all.map(\.name)).count == EventStoreCase.all.count)
  }
}
