#if PostgreSQL
  import PostgreSQLDriver
  import Synchronization
  import Testing

  @Suite("A listener of PostgreSQL", .enabled(if: PostgreSQLTestServer.text != nil))
  struct PostgreSQLListenerTests {
    private let channel = "channel \"\(UInt64.random(in: 0 ... .max))"

    /// Listens while `body` runs.
    private func listening(_ body: (Heard) async throws -> Void) async throws {
      var configuration = PostgreSQLClientConfiguration(try PostgreSQLTestServer.address())
      configuration.connectTimeout = .seconds(10)
      configuration.timeout = .seconds(20)
      configuration.settings = [("application_name", String(channel.suffix(20)))]
      let listener = PostgreSQLListener(configuration, channel: channel)
      let heard = Heard()
      let listening = Task { try await listener.run { heard.add($0) } }
      defer { listening.cancel() }
      try await body(heard)
    }

    @Test("what is sent after the opening is heard, in the order of the commits")
    func order() async throws {
      let sender = try PostgreSQLTestServer.connect()
      try await listening { heard in
        #expect(await heard.next() == .opened)
        for number in 0..<300 { _ = try sender.rows("SELECT pg_notify(\(channel), \("\(number)"))") }
        for number in 0..<300 { #expect(await heard.next() == .heard("\(number)")) }
      }
    }

    @Test("a channel that is lost is said to be closed, and opened again")
    func reopening() async throws {
      let other = try PostgreSQLTestServer.connect()
      let listeners: PostgreSQLStatement = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = \(String(channel.suffix(20))) AND state = 'idle'
        """
      try await listening { heard in
        for round in 0..<3 {
          #expect(await heard.next() == .opened)
          _ = try other.rows("SELECT pg_notify(\(channel), \("\(round)"))")
          #expect(await heard.next() == .heard("\(round)"))
          while try other.rows(listeners).count == 0 { await Task.yield() }
          #expect(await heard.next() == .closed)
        }
      }
    }
  }

  /// What a listener has told, in its order.
  private final class Heard: Sendable {
    private let happenings = Mutex<[PostgreSQLListener.Happening]>([])

    func add(_ happening: PostgreSQLListener.Happening) { happenings.withLock { $0.append(happening) } }

    func next() async -> PostgreSQLListener.Happening {
      while true {
        if let next = happenings.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return next }
        await Task.yield()
      }
    }
  }
#endif
