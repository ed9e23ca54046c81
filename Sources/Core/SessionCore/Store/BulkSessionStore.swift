/// A store that takes in many sessions at once: those of another store, or a data set to measure with.
public protocol BulkSessionStore: SessionStore {
  /// Adds sessions, open and closed ones, as they are; one whose id is taken is passed over.
  ///
  /// No limit of live sessions is applied, and the log is not told: what happened to these sessions happened elsewhere.
  /// SQLite and the memory do it in one step; the others in several of some hundred sessions, each whole: if one
  /// fails, those before it are there, and calling again adds the rest.
  ///
  /// Beside what a row costs, each call costs one synchronization with the disk, and holds up other writes until it is
  /// done. So many sessions are best given by some ten thousand a call: with a hundred thousand, what is random in the
  /// indexes is touched less often, and others wait for a second or more.
  ///
  /// - Returns: how many were added.
  func insertAll(_ sessions: [Session]) async throws(StoreError) -> Int
}
