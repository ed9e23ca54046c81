internal import SQLiteDriver
internal import SessionCore

/// A connection that reads, on its own thread.
final class SQLiteReader {
  private let path: String
  private let cacheKibibytes: Int
  private var opened: SQLiteConnection?

  init(path: String, cacheKibibytes: Int) {
    self.path = path
    self.cacheKibibytes = cacheKibibytes
  }

  /// Does a batch, and answers each job at once.
  ///
  /// Several jobs share one view of the database, which begins after all of them were asked for: to take and to give
  /// up the locks of a view costs as much as half of a look-up.
  func handle(_ jobs: [StoreJob<SQLiteReader>]) {
    guard jobs.count > 1, let connection = try? connection(), (try? connection.statement(Self.begin).run()) != nil
    else {
      for job in jobs { job.perform(self)(nil) }
      return
    }
    for job in jobs { job.perform(self)(nil) }
    // A connection whose view does not end would see no write any more.
    do { try connection.statement(Self.end).run() } catch { opened = nil }
  }

  private static let begin = FrequentStatement("BEGIN")
  private static let end = FrequentStatement("COMMIT")

  /// Runs a read; after one that failed, the next opens a new connection.
  func read<Result>(_ body: (SQLiteConnection) throws(StoreError) -> Result) throws(StoreError) -> Result {
    let connection = try connection()
    do { return try body(connection) } catch {
      opened = nil
      throw error
    }
  }

  private func connection() throws(StoreError) -> SQLiteConnection {
    if let opened { return opened }
    do {
      let connection = try SQLiteConnection(path: path, mode: .readOnly)
      try connection.execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -\(max(0, cacheKibibytes))")
      opened = connection
      return connection
    } catch {
      throw StoreError(error)
    }
  }
}
