import DialectKit
import Foundation
import HTTPServer
import HTTPTesting
import PasswordHashing
import SQLiteStore
import Sesame

@testable import WebApplication

/// A site that serves on a port that the system picked.
struct RunningSite {
  let port: Int
}

/// Runs `body` beside a site of its own, with one account and a folder that is gone afterwards.
func withSite(_ body: @escaping @Sendable (RunningSite) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("web-application-\(UUID())").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let store = try await SQLiteStore(path: folder + "/sesame.db")
  let pool = try PasswordPool()
  let site = Site(
    store: store, pool: pool, keys: try KeyRing(file: folder + "/keys"),
    cookies: CookiePolicy(name: "web-application", isSecure: false))
  try await site.createFirstAccount(email: "ada@example.com", password: "a bicycle made of tin")
  let server = try HTTPServer(
    configuration: .init(
      addresses: [.tcp(host: "127.0.0.1", port: 0)], threads: 1, standingFields: Site.securityFields),
    handler: site)
  guard case .tcp(_, let port)? = server.boundAddresses.first else { fatalError("a TCP address was asked for") }
  async let serving: Void = server.run()
  // A client that waits for its answer holds a thread: one of its own, not one that the site needs.
  let outcome = await Result { try await onBlockingThread { try await body(RunningSite(port: port)) } }
  server.stop()
  try await serving
  await pool.stop()
  await store.shutdown()
  try outcome.get()
}

extension Result where Failure == any Error {
  /// What becomes of `body`.
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
