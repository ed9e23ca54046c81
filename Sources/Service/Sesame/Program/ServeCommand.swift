import Configuration
import Glibc

/// `sesame serve`.
enum ServeCommand {
  static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
    let settings: Settings
    switch Program.settings(arguments, environment: environment) {
    case .success(let loaded): settings = loaded
    case .failure(let status): return status.code
    }
    do throws(StartError) {
      let server = try await SesameServer(settings, keyRing: environment[KeyRingKeeper.variable])
      Signals.watch { request in
        switch request {
        case .stop: server.stop()
        case .reload: server.reload()
        }
      }
      for address in server.addresses { print("ready \(address)") }
      fflush(nil)
      try await server.run()
      return 0
    } catch {
      Program.complain(error.description)
      return 1
    }
  }
}
