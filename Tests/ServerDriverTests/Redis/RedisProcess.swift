#if Redis
  import Foundation
  import RedisDriver
  import Synchronization

  /// A server of Redis that a test has for itself.
  final class RedisProcess: Sendable {
    let port: Int
    private let folder: String
    private let arguments: [String]
    private let process: Mutex<ServerProcess?>

    static let program = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }

    var address: String { "redis://127.0.0.1:\(port)" }

    init(port: Int? = nil, _ arguments: [String] = []) throws {
      self.port = try port ?? freePort()
      folder = NSTemporaryDirectory() + "sesame-redis-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      self.arguments =
        ["--port", "\(self.port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"] + arguments
      process = Mutex(nil)
      try start()
    }

    deinit {
      process.withLock { $0?.end() }
      try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts it again, after `kill()`.
    func start() throws {
      let program = Self.program ?? "redis-server"
      try process.withLock { $0 = try ServerProcess(program, arguments, in: folder) }
    }

    func kill() { process.withLock { $0?.end() } }
    func hold() { process.withLock { $0?.hold() } }
    func goOn() { process.withLock { $0?.goOn() } }

    /// Waits until it answers.
    func waitUntilReady(_ client: RedisClient) async -> Bool {
      await eventually { (try? await client.send(RedisCommand("PING"))) == .status("PONG") }
    }
  }
#endif
