import Accounts
import Glibc
import MemoryStore
import SQLiteStore
import SesameAPI
import SessionCore
import Workload

/// A store that has everything a whole Sesame keeps.
typealias WholeStore = AccountSessionStore & AccountStore & EventStore & LoginStore & ServiceKeyStore & SessionStore

/// Where sessions are kept.
enum StoreKind: String, CaseIterable {
  case memory
  case sqlite
}

/// Sessions on a store, some of them open.
struct World: Sendable {
  let store: any WholeStore
  let sessions: Sessions
  let events: EventFeed
  /// Those that were opened, in order.
  let opened: [Session]
  private let folder: TemporaryFolder?

  /// How many callers open sessions, so that a store with a file has many to write at once.
  static let callers = 64

  /// A world of `scale.sessions` sessions, each user with `each` of them.
  init(_ kind: StoreKind, _ scale: Scale, each: Int = 1, cacheBytes: Int = 256 << 20) async throws {
    switch kind {
    case .memory:
      store = MemoryStore()
      folder = nil
    case .sqlite:
      let folder = try TemporaryFolder(in: scale.folder)
      store = try await SQLiteStore(path: folder.path + "/sesame.db")
      self.folder = folder
    }
    events = EventFeed(store: store)
    let sessions = Sessions(
      store: store, policy: SessionPolicy(), keys: .random(), clock: WallClock(), random: SystemRandom(),
      cacheBytes: cacheBytes, events: events, render: SessionJSON.render)
    self.sessions = sessions
    opened = try await sessions.openTypical(scale.sessions, users: max(1, scale.sessions / each))
  }

  /// The tokens of the sessions that were opened.
  var tokens: [[UInt8]] { opened.map { sessions.token(for: $0).text } }

  /// Closes the store and takes its files away.
  func finish() async {
    await store.shutdown()
    folder?.remove()
  }
}

extension Sessions {
  /// Opens so many typical sessions, of so many users.
  func openTypical(_ count: Int, users: Int = 50_000) async throws -> [Session] {
    try await withThrowingTaskGroup(of: [Session].self) { group in
      let callers = World.callers
      for caller in 0..<callers {
        group.addTask {
          var opened: [Session] = []
          for number in stride(from: caller, to: count, by: callers) {
            guard case .opened(let session, _, _) = try await self.open(.typical(number % users), by: Actor(.service))
            else { throw Unexpected("a session was not opened") }
            opened.append(session)
          }
          return opened
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}

/// A folder for one store's files.
private struct TemporaryFolder: Sendable {
  let path: String

  init(in parent: String) throws {
    var template = Array("\(parent)/sesame-benchmark-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Unexpected("No folder can be made in \(parent).") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() {
    for name in ["sesame.db", "sesame.db-wal", "sesame.db-shm", "sesame.db-lock"] { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }
}
