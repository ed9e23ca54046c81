import Accounts
import DialectKit
import Dispatch
import Glibc
import HTTPServer
import PasswordHashing
import SQLiteStore
import Sesame

/// A web site with log-in: `swift run WebApplication FOLDER [PORT]`, and then <http://localhost:8000>.
///
/// Sessions and accounts lie in the folder. The first start makes the account ada@example.com, whose password is
/// "a bicycle made of tin".
@main struct WebApplication {
  static func main() async throws {
    let words = CommandLine.arguments.dropFirst()
    let folder = words.first ?? "."
    let store = try await SQLiteStore(path: folder + "/sesame.db")
    let pool = try PasswordPool()
    // Browsers take a cookie of this name over plain HTTP. Behind TLS, leave both out: the cookie is __Host- then.
    let cookies = CookiePolicy(name: "web-application", isSecure: false)
    let site = Site(store: store, pool: pool, keys: try KeyRing(file: folder + "/keys"), cookies: cookies)
    try await site.createFirstAccount(email: "ada@example.com", password: "a bicycle made of tin")
    let server = try HTTPServer(
      configuration: .init(
        addresses: [.tcp(host: "127.0.0.1", port: words.dropFirst().first.flatMap { Int($0) } ?? 8000)],
        standingFields: Site.securityFields),
      handler: site)
    let signals = stop(server, on: [SIGINT, SIGTERM])
    for case .tcp(let host, let port) in server.boundAddresses { print("ready http://\(host):\(port)") }
    fflush(nil)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await site.lookAfterSessions() }
      try await server.run()
      group.cancelAll()
    }
    signals.forEach { $0.cancel() }
    try await site.sessions.flushTouches()
    await pool.stop()
    await store.shutdown()
  }

  /// Has the server stop in order when one of the signals comes; for as long as what is answered is kept.
  private static func stop(_ server: HTTPServer, on numbers: [Int32]) -> [any DispatchSourceSignal] {
    numbers.map { number in
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { server.stop() }
      source.resume()
      return source
    }
  }
}
