internal import CPostgreSQL
internal import Glibc

extension PostgreSQLConnection {
  /// Hears what is sent along a channel from now on.
  public func listen(to channel: String) throws(PostgreSQLError) {
    // https://www.postgresql.org/docs/15/libpq-exec.html#LIBPQ-PQESCAPEIDENTIFIER: LISTEN takes no parameter.
    let quoted = channel.utf8.split(separator: 0x22, omittingEmptySubsequences: false)
      .map { String(decoding: Array($0), as: UTF8.self) }.joined(separator: "\"\"")
    try execute("LISTEN \"\(quoted)\"")
  }

  /// What was heard, in its order; waits for something until then, and is empty if nothing came.
  public func notifications(until end: ContinuousClock.Instant) throws(PostgreSQLError) -> [String] {
    if let broken = self.end { throw broken }
    var heard = takeNotifications()
    guard heard.isEmpty, try wait(for: POLLIN, until: end) != nil else { return heard }
    guard unsafe PQconsumeInput(handle.pointer) == 1 else { throw failure(.lost) }
    heard = takeNotifications()
    return heard
  }

  private func takeNotifications() -> [String] {
    var heard: [String] = []
    while let notification = unsafe PQnotifies(handle.pointer) {
      unsafe heard.append(String(cString: notification.pointee.extra))
      unsafe PQfreemem(notification)
    }
    return heard
  }
}
