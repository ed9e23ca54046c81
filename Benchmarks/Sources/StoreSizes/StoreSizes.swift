import Glibc
import MongoStore
import PostgreSQLStore
import RedisStore
import SQLiteStore
import SessionCore
import Workload

/// Does each verb on many sessions of one store, and stops before each so that somebody can look at the store.
///
/// After a phase it writes a line, "PHASE COUNT SECONDS PROCESSOR_SECONDS" (of this process), and goes on when it reads
/// one. `scripts/measure-store-costs` runs it.
@main struct StoreSizes {
  /// How many callers there are at once.
  static let callers = 64

  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[3]), (1...100_000_000).contains(count) else {
      print("usage: StoreSizes sqlite|postgresql|redis|mongodb ADDRESS COUNT")
      exit(2)
    }
    do {
      let store = try await store(arguments[1], at: arguments[2])
      try await Phases(store, count: count).run()
      await store.shutdown()
    } catch {
      print("failed: \(error)")
      exit(1)
    }
  }

  private static func store(_ kind: String, at address: String) async throws -> any SessionStore {
    switch kind {
    case "sqlite": try await SQLiteStore(path: address)
    case "postgresql": try await PostgreSQLStore(address: address)
    case "redis": try await RedisStore(address: address)
    case "mongodb": try await MongoStore(address: address)
    default: throw Failure(what: "there is no store of the kind \(kind)")
    }
  }
}

/// Something went another way than it must.
struct Failure: Error {
  let what: String
}
