#if MongoDB
  import Foundation
  import MongoDriver

  /// The server of the tests, and servers that a test may break.
  enum MongoServer {
    /// The address of the one that all tests share; `nil` if this machine runs none.
    static let address = ProcessInfo.processInfo.environment["SESAME_TEST_MONGODB"]

    /// A pool of connections to it.
    static func pool(_ change: (inout MongoOptions) -> Void = { _ in }) throws -> MongoPool {
      var options = MongoOptions()
      options.answerTimeout = 20_000
      options.selectionTimeout = 20_000
      change(&options)
      return try MongoPool(address: address ?? "mongodb://127.0.0.1/", options: options)
    }

    /// Runs `body` with a client and a database of its own, of which nothing is left.
    static func use(_ body: (MongoPool, MongoClient, _ database: String) throws -> Void) throws {
      let pool = try pool()
      guard let client = pool.client() else { throw MongoError(.exhausted, "No client.") }
      let database = "driver_test_\(UInt64.random(in: 0..<UInt64.max))"
      defer { _ = try? client.run(["dropDatabase": 1], on: database) }
      try body(pool, client, database)
    }
  }

  /// A server of one test's own.
  final class BreakableMongo {
    let address: String
    private let script: ServerProcess
    private let folder: URL
    private var server: pid_t

    /// Starts it; `nil` if it does not start.
    init?() async throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "mongo-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let folderOfTests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      let root = folderOfTests.appending(path: "../../..").standardized
      script = try ServerProcess(
        root.appending(path: "scripts/store-servers").path, ["one", "mongodb"], in: folder.path)
      let output = folder.appending(path: "output")
      var line: [Substring] = []
      let isReady = await eventually(within: .seconds(100)) {
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        line = text.split(separator: "\n").last { $0.hasPrefix("ready ") }?.split(separator: " ") ?? []
        return line.count >= 3
      }
      guard isReady, let number = pid_t(line[2]) else { return nil }
      address = String(line[1])
      server = number
    }

    /// Holds the server, so that it neither answers nor closes anything.
    func hold() { ServerDriverTests.hold(server) }

    /// Lets it go on.
    func goOn() { kill(server, SIGCONT) }

    /// Kills the server.
    func end() { kill(server, SIGKILL) }

    /// Starts a killed server again, with its data and at its place.
    func start() async throws -> Bool {
      let output = folder.appending(path: "output")
      let before = try String(contentsOf: output, encoding: .utf8)
      return await eventually(within: .seconds(100)) {
        // Not before the script has seen the end of the server, of which nobody tells: so it is told until it does.
        kill(script.number, SIGUSR1)
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? before
        guard let line = text.split(separator: "\n").last(where: { $0.hasPrefix("ready ") }),
          let number = line.split(separator: " ").dropFirst(2).first.flatMap({ pid_t($0) }), number != server
        else { return false }
        server = number
        return true
      }
    }

    deinit {
      kill(server, SIGCONT)
      kill(script.number, SIGTERM)
      try? FileManager.default.removeItem(at: folder)
    }
  }
#endif
