import Accounts
import SessionCore

/// A place of its own for a test's data, which one store or, if it can be shared, several stores open.
final class StorePlace: Sendable {
  /// What keeps everything.
  typealias Store = SessionStore & EventStore & AccountStore & AccountSessionStore & LoginStore & ServiceKeyStore

  private let opening: @Sendable () async throws -> any Store
  private let removal: @Sendable () async throws -> Void

  /// A place that `open` opens, and of which `remove` leaves nothing.
  init(
    open: @escaping @Sendable () async throws -> any Store, remove: @escaping @Sendable () async throws -> Void = {}
  ) {
    opening = open
    removal = remove
  }

  /// A store on this place, to be shut down by the caller.
  func open() async throws -> any Store { try await opening() }

  /// A store on this place that hears of others there.
  func openShared() async throws -> any Store & SharedStore {
    guard let store = try await opening() as? any Store & SharedStore else {
      throw StoreError(.unavailable, "This kind of store can't be shared.")
    }
    return store
  }

  /// A name that no other place has, fit for a schema, a database and a prefix of keys.
  static func newName() -> String { "t" + String(UInt64.random(in: 0 ... .max), radix: 36) }

  /// Lets go of the data, once every store on it is shut down.
  func remove() async throws { try await removal() }
}
