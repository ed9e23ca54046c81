#if PostgreSQL
  import Foundation
  import PostgreSQLStore
  import SessionCore
  import SessionTesting
  import Testing

  private let address = ProcessInfo.processInfo.environment["SESAME_TEST_POSTGRESQL"]

  @Suite("Scratch", .enabled(if: address != nil)) struct PostgreSQLScratchTests {
    private func store() async throws -> PostgreSQLStore {
      var configuration = PostgreSQLStoreConfiguration()
      configuration.namespace = "pgt_\(UInt64.random(in: 0 ... .max))"
      configuration.timeout = .seconds(5)
      do { return try await PostgreSQLStore(address: address ?? "", configuration: configuration) } catch {
        print("UNDERLYING", error.underlying as Any)
        throw error
      }
    }

    @Test("keeps", arguments: SessionStoreCase.all)
    func sessions(promise: SessionStoreCase) async throws {
      try await promise.run { try await store() }
    }

    @Test("keeps log", arguments: EventStoreCase.all)
    func events(promise: EventStoreCase) async throws {
      try await promise.run { try await store() }
    }
  }
#endif
