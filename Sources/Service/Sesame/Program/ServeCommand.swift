import Commands
import Configuration
import Glibc

/// `sesame serve`.
enum ServeCommand {
  static func run(_ invocation: Invocation) async throws(CommandError) -> Int32 {
    let settings = try Program.settings(invocation)
    if settings.server.coreDumps { ProcessSecrecy.end() }
    do throws(StartError) {
      let server = try await SesameServer(settings, keyRing: invocation.environment[KeyRingKeeper.variable])
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
      throw CommandError(.failed, error.description)
    }
  }
}
