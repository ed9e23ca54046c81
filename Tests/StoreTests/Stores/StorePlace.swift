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

  /// Lets go of the data, once every store on it is shut down.
  func remove() async throws { try await removal() }
}
