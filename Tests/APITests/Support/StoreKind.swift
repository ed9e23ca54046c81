import Accounts
import Foundation
import MemoryStore
import SessionCore

#if SQLite
  import SQLiteStore
#endif

/// The stores that every test of the interface runs on.
enum StoreKind: String, CaseIterable, Sendable {
  case memory
  #if SQLite
    case sqlite
  #endif

  /// A new, empty store.
  func make() async throws -> OwnedStore {
    switch self {
    case .memory: return OwnedStore(MemoryStore(), folder: nil)
    #if SQLite
      case .sqlite:
        let folder = FileManager.default.temporaryDirectory.appending(path: "sesame-api-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return OwnedStore(try await SQLiteStore(path: folder.appending(path: "store.db").path), folder: folder)
    #endif
    }
  }
}

/// A store that is shut down, and its files removed, with its last user.
final class OwnedStore: Sendable {
  /// What keeps everything.
  typealias Whole = SessionStore & EventStore & AccountStore & AccountSessionStore & LoginStore & ServiceKeyStore

  let store: any Whole
  private let folder: URL?

  init(_ store: any Whole, folder: URL?) {
    self.store = store
    self.folder = folder
  }

  deinit {
    Task { [store, folder] in
      await store.shutdown()
      if let folder { try? FileManager.default.removeItem(at: folder) }
    }
  }
}
