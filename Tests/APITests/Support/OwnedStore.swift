import Accounts
import Foundation
import SessionCore
import SessionTesting

/// A store that is shut down, and its files removed, with its last user.
///
/// What it has on a server stays there as long as the server, which is the tests' own.
final class OwnedStore: Sendable {
  /// What keeps everything.
  typealias Whole = SessionStore & EventStore & AccountStore & AccountSessionStore & LoginStore & ServiceKeyStore

  let store: any Whole
  private let folder: URL?
  private let turnstile: Turnstile?

  /// Takes over a store, its folder, and the turn that it has.
  init(_ store: any Whole, folder: URL? = nil, turnstile: Turnstile? = nil) {
    self.store = store
    self.folder = folder
    self.turnstile = turnstile
  }

  deinit {
    Task { [store, folder, turnstile] in
      await store.shutdown()
      if let folder { try? FileManager.default.removeItem(at: folder) }
      turnstile?.leave()
    }
  }
}
