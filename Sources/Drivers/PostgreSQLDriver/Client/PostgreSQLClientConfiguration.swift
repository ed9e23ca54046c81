/// What can be chosen about a client.
public struct PostgreSQLClientConfiguration: Sendable {
  /// The server.
  public var address: PostgreSQLAddress
  /// Settings for every session, such as `search_path`.
  public var settings: [(name: String, value: String)] = []
  /// Settings for the sessions that only read, besides.
  public var readerSettings: [(name: String, value: String)] = []
  /// How long a call waits for its answer, from when it is made; waiting for its turn is part of that.
  public var timeout: Duration = .milliseconds(800)
  /// What must be left of a call's time for it to begin: with less, a connection that is well would be taken for one
  /// that does not answer, and be given up.
  var reserve: Duration { timeout / 5 }
  /// How long to connect may take at most.
  public var connectTimeout: Duration = .milliseconds(500)
  /// How many connections find single rows.
  public var finders = 2
  /// How many connections answer what takes longer.
  public var readers = 2
  /// How many calls of each sort may wait.
  public var queueCapacity = 16_384
  /// How many finds go in one round trip, and how many writes in one transaction, at most.
  public var batchLimit = 128
  /// How many bytes the values of one transaction have at most, unless a single write has more.
  public var batchBytes = 262_144
  /// The number of the advisory lock under which each transaction writes: those of all clients that use it follow one
  /// another.
  public var writeLock: Int64 = 0
  /// Finds rows by keys: makes the statement that finds those of a list, and whose first column is the key.
  public var lookUp: @Sendable (_ keys: PostgreSQLValue) -> PostgreSQLStatement = { "SELECT unnest(\($0))" }

  /// The defaults.
  public init(_ address: PostgreSQLAddress) { self.address = address }
}
