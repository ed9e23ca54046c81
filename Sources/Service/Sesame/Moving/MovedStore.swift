import Accounts
import Configuration
import Log
import Metrics
import Moving
import SessionCore

/// The store that a command moves data out of or into, opened by itself and not through a server.
struct MovedStore {
  /// The store.
  let store: any WholeStore & MovingStore
  /// Its address, for a person's eyes.
  let name: String

  /// Opens the store that the settings name.
  ///
  /// - Parameters:
  ///   - settings: the settings as `serve` takes them.
  ///   - mustExist: whether one that isn't there is refused rather than made.
  /// - Throws: a sentence that says what to do.
  init(_ settings: Settings, mustExist: Bool) async throws(StartError) {
    let address: StoreAddress
    do throws(StoreAddress.Failure) {
      address = try StoreAddress(settings.server.store, data: settings.server.data)
    } catch {
      throw StartError(error.description)
    }
    if case .memory = address {
      throw StartError("The store \"memory\" is gone with the server that has it; name another with --store.")
    }
    if !address.isShared, AdministrationSocket.isServed(settings.server.socket) {
      throw StartError(
        """
        A server has \(address.shown) open, and one process at a time may: stop it first, and start it again \
        afterwards. (A store in PostgreSQL, Redis or MongoDB may be in use meanwhile.)
        """)
    }
    guard address.isThere || !mustExist else {
      throw StartError("There is no store at \(address.shown); name the right one with --data or --store.")
    }
    do throws(FileSystem.Failure) {
      if !address.isShared, !mustExist { try FileSystem.makeFolder(settings.server.data) }
    } catch {
      throw StartError("The data folder can't be used: \(error.description).")
    }
    let log = Log(level: .error, now: { SystemClock().now() })
    let opened = try await SesameServer.openStore(
      settings, migrates: settings.store.migrates, metrics: Metrics(), log: log)
    guard let store = opened as? any WholeStore & MovingStore else {
      await opened.shutdown()
      throw StartError("The store at \(address.shown) takes nothing in.")
    }
    self.store = store
    name = address.shown
  }
}
