internal import CPostgreSQL
internal import Glibc

/// A connection to a server, for one thread at a time.
///
/// It works in pipeline mode: what is asked together goes in one round trip
/// (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html). No call waits beyond ``deadline``. After a failure
/// that ``PostgreSQLError`` does not call `refused`, answers may still be on their way: ``isUsable`` is false, and
/// every call throws.
@safe
public final class PostgreSQLConnection {
  let handle: ConnectionHandle
  /// Until when the calls that follow wait.
  public var deadline: ContinuousClock.Instant
  /// What has gone wrong with the connection for good.
  private(set) var end: PostgreSQLError?
  /// The names of the statements that the server has prepared, by their texts.
  var prepared: [String: String] = [:]
  var preparations = 0
  private var isInPipeline = false

  /// With how many prepared statements all are let go of.
  static let statementLimit = 400

  /// Connects, and applies settings of the session.
  ///
  /// A server that only repeats another one's changes is passed over, whatever the address says: what was answered
  /// before would not be there for sure.
  ///
  /// - Parameters:
  ///   - address: The server.
  ///   - settings: Settings of the server's for this session, such as `lock_timeout`.
  ///   - deadline: Until when; the name of a host may take longer to be looked up.
  /// - Throws: `unreachable` with what libpq said.
  public init(
    _ address: PostgreSQLAddress, settings: [(name: String, value: String)], deadline: ContinuousClock.Instant
  ) throws(PostgreSQLError) {
    var options: [(name: String, value: String)] = [
      ("fallback_application_name", "sesame"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
      ("keepalives_count", "3"), ("tcp_user_timeout", "5000"), ("dbname", address.text), ("client_encoding", "UTF8"),
      // Of several hosts one may only repeat what another has written, and know of it late
      // (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS).
      ("target_session_attrs", "primary"),
    ]
    if let password = address.password { options.append(("password", password)) }
    handle = try ConnectionHandle(options)
    self.deadline = deadline
    do throws(PostgreSQLError) {
      try connect()
      unsafe PQsetNoticeReceiver(handle.pointer, { _, _ in }, nil)
      guard unsafe PQsetnonblocking(handle.pointer, 1) == 0 else { throw failure(.unreachable) }
      try apply(settings)
    } catch {
      throw PostgreSQLError(.unreachable, error.description, state: error.state)
    }
  }

  private func connect() throws(PostgreSQLError) {
    // https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PQCONNECTSTARTPARAMS: as if it had just answered
    // that it wants to write.
    var wants = PGRES_POLLING_WRITING
    while wants != PGRES_POLLING_OK {
      guard unsafe PQstatus(handle.pointer) != CONNECTION_BAD, wants != PGRES_POLLING_FAILED else {
        throw failure(.unreachable)
      }
      _ = try wait(for: wants == PGRES_POLLING_READING ? POLLIN : POLLOUT)
      wants = unsafe PQconnectPoll(handle.pointer)
    }
  }

  private func apply(_ settings: [(name: String, value: String)]) throws(PostgreSQLError) {
    guard !settings.isEmpty else { return }
    let calls: [PostgreSQLStatement] = settings.map { "set_config(\($0.name), \($0.value), false)" }
    _ = try rows("SELECT \(.joined(calls, by: ", "))")
  }

  // MARK: Waiting

  /// Waits until the socket can be read or written as asked, and answers what it is ready for.
  func wait(for events: Int32) throws(PostgreSQLError) -> Int32 {
    guard let ready = try wait(for: events, until: deadline) else {
      end = .timeIsUp
      throw .timeIsUp
    }
    return ready
  }

  /// Waits for the socket until then; `nil` if nothing came.
  func wait(for events: Int32, until end: ContinuousClock.Instant) throws(PostgreSQLError) -> Int32? {
    while true {
      let left = end - .now
      guard left > .zero else { return nil }
      let (seconds, attoseconds) = left.components
      let milliseconds = min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000 + 1
      if let ready = try look(for: events, milliseconds: Int32(clamping: milliseconds)) { return ready }
    }
  }

  /// What the socket is ready for, at the latest after that time; `nil` for nothing.
  private func look(for events: Int32, milliseconds: Int32) throws(PostgreSQLError) -> Int32? {
    let socket = unsafe PQsocket(handle.pointer)
    guard socket >= 0 else { throw failure(.lost) }
    var entry = pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0)
    let count = unsafe poll(&entry, 1, milliseconds)
    guard count >= 0 || errno == EINTR else { throw failure(.lost) }
    return count > 0 ? Int32(entry.revents) : nil
  }

  /// What libpq says of the connection, which can't be used any more.
  func failure(_ code: PostgreSQLError.Code) -> PostgreSQLError {
    let message = unsafe PQerrorMessage(handle.pointer).map { unsafe String(cString: $0) } ?? ""
    return giveUp(PostgreSQLError(code, Self.firstLine(message)))
  }

  /// Marks the connection as one that may have answers on their way.
  func giveUp(_ error: PostgreSQLError) -> PostgreSQLError {
    if end == nil { end = error }
    return error
  }

  /// Whether nothing has gone wrong with the connection yet.
  public var isUsable: Bool { end == nil }

  private static func firstLine(_ text: String) -> String {
    String(decoding: text.utf8.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  // MARK: Between the calls

  /// Whether the connection is there, as far as can be seen without asking the server.
  public func isStanding() -> Bool {
    guard isUsable else { return false }
    // Nothing is awaited, so whatever is there to be read is the end, or a word about it before it comes.
    for _ in 0..<4 {
      guard let ready = try? look(for: POLLIN, milliseconds: 0), ready != 0 else { return isUsable }
      guard unsafe PQconsumeInput(handle.pointer) == 1, unsafe PQstatus(handle.pointer) == CONNECTION_OK else {
        _ = failure(.lost)
        return false
      }
    }
    return isUsable
  }

  /// Enters the mode in which several statements go in one round trip.
  func enterPipeline() throws(PostgreSQLError) {
    if let end { throw end }
    guard !isInPipeline else { return }
    guard unsafe PQenterPipelineMode(handle.pointer) == 1 else { throw failure(.lost) }
    isInPipeline = true
  }

  /// Leaves that mode, for scripts.
  func exitPipeline() throws(PostgreSQLError) {
    if let end { throw end }
    guard isInPipeline else { return }
    guard unsafe PQexitPipelineMode(handle.pointer) == 1 else { throw failure(.lost) }
    isInPipeline = false
  }
}
