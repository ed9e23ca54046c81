/// One thread's connection, made when it is needed and again when it was lost.
final class ConnectionKeeper {
  private let address: PostgreSQLAddress
  private let settings: [(name: String, value: String)]
  private let connectTimeout: Duration
  private let health: ServerHealth
  private let watch: ServerWatch
  private var connection: PostgreSQLConnection?
  /// Whether the connection broke in the last call.
  private var isLost = false

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

  /// Runs `body`, which only reads, on the connection; once again if somebody ended that.
  ///
  /// When the server ends its service, the next connection is refused, and that is the answer.
  func read<Result>(
    until deadline: ContinuousClock.Instant, connectingWithin connectTimeout: Duration? = nil,
    _ body: (PostgreSQLConnection) throws(PostgreSQLError) -> Result
  ) throws(PostgreSQLError) -> Result {
    let first: Swift.Result<Result, PostgreSQLError>
    do throws(PostgreSQLError) {
      first = .success(try run(until: deadline, connectingWithin: connectTimeout, body))
    } catch {
      first = .failure(error)
    }
    guard isLost else { return try first.get() }
    return try run(until: deadline, connectingWithin: connectTimeout, body)
  }

  /// Runs `body` on the connection; after a failure that ends it, the next call makes another.
  func run<Result>(
    until deadline: ContinuousClock.Instant, connectingWithin connectTimeout: Duration? = nil,
    _ body: (PostgreSQLConnection) throws(PostgreSQLError) -> Result
  ) throws(PostgreSQLError) -> Result {
    isLost = false
    let connection = try standing(until: min(deadline, .now + (connectTimeout ?? self.connectTimeout)))
    connection.deadline = deadline
    defer {
      if let end = connection.end {
        self.connection = nil
        isLost = end.code == .lost
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
