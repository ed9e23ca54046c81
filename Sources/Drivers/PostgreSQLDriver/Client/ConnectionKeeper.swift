/// One thread's connection, made when it is needed and again when it was lost.
final class ConnectionKeeper {
  private let address: PostgreSQLAddress
  private let settings: [(name: String, value: String)]
  private let connectTimeout: Duration
  private let health: ServerHealth
  private let watch: ServerWatch
  private var connection: PostgreSQLConnection?

  init(
    _ configuration: PostgreSQLClientConfiguration, settings: [(name: String, value: String)], _ health: ServerHealth,
    _ watch: ServerWatch
  ) {
    address = configuration.address
    self.settings = configuration.settings + settings
    connectTimeout = configuration.connectTimeout
    self.health = health
    self.watch = watch
  }

  /// Runs `body` on the connection; after a failure that ends it, the next call makes another.
  func run<Result>(
    until deadline: ContinuousClock.Instant, connectingWithin connectTimeout: Duration? = nil,
    _ body: (PostgreSQLConnection) throws(PostgreSQLError) -> Result
  ) throws(PostgreSQLError) -> Result {
    let connection = try standing(until: min(deadline, .now + (connectTimeout ?? self.connectTimeout)))
    connection.deadline = deadline
    defer {
      if let end = connection.end {
        self.connection = nil
        // Whoever comes next would wait as long, and in vain.
        if end.code == .timedOut { fail(end) }
      }
    }
    return try body(connection)
  }

  private func standing(until connectDeadline: ContinuousClock.Instant) throws(PostgreSQLError) -> PostgreSQLConnection
  {
    if let connection, connection.isStanding() { return connection }
    connection = nil
    if let problem = health.problem { throw PostgreSQLError(.unreachable, problem.description, state: problem.state) }
    do throws(PostgreSQLError) {
      let made = try PostgreSQLConnection(
        address, settings: settings, deadline: connectDeadline)
      connection = made
      return made
    } catch {
      fail(error)
      throw error
    }
  }

  private func fail(_ error: PostgreSQLError) {
    health.note(error)
    watch.begin()
  }
}
