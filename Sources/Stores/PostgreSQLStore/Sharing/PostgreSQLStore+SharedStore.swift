internal import PostgreSQLDriver
public import SessionCore

extension PostgreSQLStore: SharedStore {
  /// One: everything is told along the channel of the schema's name, in the order of the commits
  /// (https://www.postgresql.org/docs/15/sql-notify.html).
  public var lanes: Int { 1 }

  /// The only one.
  public var directoryLane: Int { 0 }

  /// Notifies the channel.
  ///
  /// Nothing is stored by it, so that its commit need not reach the disk. Notifications follow one another: behind a
  /// commit that is held up it gives way soon, for what is read on the same connection waits for it.
  public func sendHeartbeat(_ number: UInt64, along lane: Int) async throws(StoreError) {
    try await find(
      """
      SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '200', true), \
      pg_notify(\(namespace), \(ChangeNote.heartbeat(number).text))
      """
    ) { _ in }
  }

  /// Notifies the channel, as ``sendHeartbeat(_:along:)`` does.
  public func sendSign(_ sign: NodeSign) async throws(StoreError) {
    try await find(
      """
      SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '200', true), \
      pg_notify(\(namespace), \(ChangeNote.node(sign).text))
      """
    ) { _ in }
  }

  /// Listens to the channel on a connection and a thread of their own.
  public func follow(_ listener: any ChangeListener) async {
    let channel = PostgreSQLListener(clientConfiguration, channel: namespace)
    while !Task.isCancelled {
      do throws(PostgreSQLError) {
        try await channel.run { happening in
          switch happening {
          case .opened: listener.laneOpened(0)
          case .closed: listener.laneClosed(0)
          case .heard(let text):
            for line in text.utf8.split(separator: 0x0A) {
              if let note = ChangeNote(Substring(line)) { listener.heard(note, along: 0) }
            }
          }
        }
      } catch {
        // Without a thread there is nothing to be heard; that may change.
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  /// Takes a task by its row, which says who has it and until when by the server's clock: one statement.
  ///
  /// A lock of a connection's would be gone with the connection, before its time was over and without its holder's
  /// knowledge.
  public func holdTask(
    _ task: String, as holder: String, for duration: TimeSpan
  ) async throws(StoreError) -> Bool {
    let milliseconds = min(duration.milliseconds, 1_000_000_000_000)
    return try await write(
      """
      INSERT INTO task (name, holder, until)
      VALUES (\(text: task), \(text: holder), clock_timestamp() + \(milliseconds) * interval '1 millisecond')
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE task.holder = excluded.holder OR task.until <= clock_timestamp()
      RETURNING name
      """
    ) { answers in (answers.first?.count ?? 0) > 0 }
  }

  /// Removes the row, if it is this holder's.
  public func releaseTask(_ task: String, as holder: String) async throws(StoreError) {
    try await write("DELETE FROM task WHERE name = \(text: task) AND holder = \(text: holder)") { _ in }
  }
}
