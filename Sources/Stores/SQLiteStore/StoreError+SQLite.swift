internal import BlockingIO
internal import SQLiteDriver
internal import SessionCore

extension StoreError {
  /// What an error of SQLite means for a store; of a statement, after which nothing has happened.
  init(_ error: SQLiteError) {
    switch error.code {
    case .full, .noMemory: self.init(.full, "The session database has no room.", underlying: error)
    case .corrupt, .notADatabase: self.init(.corrupt, "The session database is damaged.", underlying: error)
    case .busy: self.init(.unavailable, "The session database is locked by another program.", underlying: error)
    default: self.init(.unavailable, "The session database can't be used now.", underlying: error)
    }
  }

  /// What an error of SQLite means when it answers a commit: if the disk failed, the commit may still have reached
  /// it.
  init(committing error: SQLiteError) {
    if error.code == .inputOutput {
      self.init(.unknownOutcome, "The session database failed while it stored this.", underlying: error)
    } else {
      self.init(error)
    }
  }

  init(_ error: BlockingIOError) {
    switch error.code {
    case .stopped: self.init(.closed, "The session store is shut down.", underlying: error)
    case .locked:
      self.init(
        .unavailable, "The session database is in use by another process; it takes one at a time.", underlying: error)
    case .file: self.init(.unavailable, "The session database's file can't be opened or made.", underlying: error)
    default: self.init(.unavailable, "The session store is too busy.", underlying: error)
    }
  }
}
