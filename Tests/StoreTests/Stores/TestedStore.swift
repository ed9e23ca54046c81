import Foundation
import MemoryStore
import SQLiteStore
import SessionCore
import SessionTesting
import Testing

/// A kind of store that the tests of every store run on.
struct TestedStore: Sendable, CustomTestStringConvertible {
  /// What it is called in a test's name.
  let name: String
  /// Whether several stores may be open on one place of it.
  let isShared: Bool
  private let turnstile: Turnstile
  private let makePlace: @Sendable () async throws -> StorePlace

  /// A kind of store of which at most `width` are in use at once.
  init(
    _ name: String, isShared: Bool, width: Int = 4, makePlace: @escaping @Sendable () async throws -> StorePlace
  ) {
    self.name = name
    self.isShared = isShared
    turnstile = Turnstile(width: width)
    self.makePlace = makePlace
  }

  var testDescription: String { name }

  /// Runs `body` on a new, empty place, of which nothing is left afterwards.
  func onPlace(_ body: (StorePlace) async throws -> Void) async throws {
    await turnstile.enter()
    defer { turnstile.leave() }
    let place = try await makePlace()
    do {
      try await body(place)
    } catch {
      try? await place.remove()
      throw error
    }
    try await place.remove()
  }

  /// Runs `body` on a new, empty store, which is shut down afterwards.
  func onStore(_ body: (any StorePlace.Store) async throws -> Void) async throws {
    try await onPlace { place in
      let store = try await place.open()
      do {
        try await body(store)
      } catch {
        await store.shutdown()
        throw error
      }
      await store.shutdown()
    }
  }

  /// Every store that this machine has: those in this process, and those whose servers the environment names.
  static let all = embedded + servers.compactMap { server in server.address.map { server.store($0) } }

  /// Those of them that nodes can share.
  static let shared = all.filter(\.isShared)

  private static let embedded = [
    TestedStore("memory", isShared: false) { StorePlace { MemoryStore() } },
    TestedStore("SQLite", isShared: false) {
      let folder = try TemporaryFolder()
      return StorePlace {
        try await SQLiteStore(path: folder.file())
      } remove: {
        withExtendedLifetime(folder) {}
      }
    },
  ]
}

/// A server that a store needs, whose address comes from the environment.
struct TestedServer: Sendable {
  /// The environment's variable.
  let variable: String
  /// The store on a server's address.
  let store: @Sendable (_ address: String) -> TestedStore

  /// A store on the server that `variable` names.
  init(_ variable: String, store: @escaping @Sendable (_ address: String) -> TestedStore) {
    self.variable = variable
    self.store = store
  }

  /// The server's address, if this machine runs one for the tests.
  var address: String? { ProcessInfo.processInfo.environment[variable] }
}

extension TestedStore {
  /// The servers of all stores that were built.
  static var servers: [TestedServer] {
    var servers: [TestedServer] = []
    #if PostgreSQL
      servers.append(postgreSQL)
    #endif
    #if Redis
      servers += redis
    #endif
    #if MongoDB
      servers.append(mongoDB)
    #endif
    return servers
  }

  /// How long a store's call may take here: what fails in time has tests of its own.
  static let patience = TimeSpan.seconds(120)
}

@Suite("The stores that are tested") struct TestedStoreTests {
  @Test("no server is missing where all are asked for")
  func whole() {
    guard ProcessInfo.processInfo.environment["SESAME_TEST_ALL"] == "1" else { return }
    #expect(TestedStore.servers.filter { $0.address == nil }.map(\.variable) == [])
    #expect(TestedStore.all.count == 2 + TestedStore.servers.count)
  }

  @Test("every store has a name of its own")
  func names() {
    #expect(Set(TestedStore.all.map(\.name)).count == TestedStore.all.count)
  }
}
