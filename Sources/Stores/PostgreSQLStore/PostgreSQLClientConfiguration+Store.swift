internal import PostgreSQLDriver
internal import SessionCore

extension PostgreSQLClientConfiguration {
  /// The connections of a store.
  init(address: String, _ configuration: PostgreSQLStoreConfiguration) throws(PostgreSQLError) {
    self.init(try PostgreSQLAddress(address, password: configuration.password))
    let milliseconds = min(max(1, configuration.timeout.milliseconds), 3_600_000)
    timeout = .milliseconds(milliseconds)
    // Half a second does for a server that is well; who has set a longer timeout knows one that is slow.
    connectTimeout = max(.milliseconds(500), timeout / 2)
    let readers = min(max(2, configuration.connections), 100)
    finders = readers / 2
    self.readers = readers - finders
    queueCapacity = configuration.queueCapacity
    batchLimit = min(max(1, configuration.batchLimit), 1024)
    writeLock = PostgreSQLSchema.lock(of: configuration.namespace)
    lookUp = { SessionRow.lookUp(keys: $0) }
    // https://www.postgresql.org/docs/15/runtime-config-client.html and runtime-config-query.html. A node that stops in
    // the middle of a transaction holds up the others no longer than the idle time, and one that stops while answers
    // are on their way to it no longer than the time without an acknowledgement (on Linux, over TCP). Plans are made
    // once for each statement, of its indexes and not of what the tables hold just then: the statements say which index
    // they mean.
    settings = [
      ("search_path", PostgreSQLSchema.quoted(configuration.namespace)), ("statement_timeout", "\(milliseconds)"),
      ("lock_timeout", "\(milliseconds)"), ("idle_in_transaction_session_timeout", "500"),
      // A node that vanishes while its statements arrive leaves the lock of all writers with a server that waits for
      // the rest, and would by itself for hours
      // (https://www.postgresql.org/docs/15/runtime-config-connection.html#GUC-TCP-KEEPALIVES-IDLE).
      ("tcp_keepalives_idle", "2"), ("tcp_keepalives_interval", "1"), ("tcp_keepalives_count", "3"),
      ("tcp_user_timeout", "1000"),
      ("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"),
      ("enable_bitmapscan", "off"), ("enable_sort", "off"), ("enable_hashjoin", "off"),
      ("enable_mergejoin", "off"), ("jit", "off"),
    ]
  }
}
