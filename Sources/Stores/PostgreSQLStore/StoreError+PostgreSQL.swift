internal import PostgreSQLDriver
internal import SessionCore

extension StoreError {
  /// What an error of a read means, or of a write that surely did not happen.
  init(_ error: PostgreSQLError) {
    switch error.code {
    case .stopped: self.init(.closed, "The session store is shut down.", underlying: error)
    case .address: self.init(.unavailable, "The session database's address can't be read.", underlying: error)
    case .busy: self.init(.unavailable, "The session store is too busy.", underlying: error)
    case .refused: self.init(refused: error)
    default: self.init(.unavailable, "The session database can't be reached.", underlying: error)
    }
  }

  /// What an error of a write means.
  init(writing error: PostgreSQLError) {
    if error.mayBeStored {
      self.init(.unknownOutcome, "The session database was lost while it stored this.", underlying: error)
    } else {
      self.init(error)
    }
  }

  /// What the server's five characters mean (https://www.postgresql.org/docs/15/errcodes-appendix.html).
  private init(refused error: PostgreSQLError) {
    switch (error.state, error.state.prefix(2)) {
    case ("53100", _), ("53200", _): self.init(.full, "The session database has no room.", underlying: error)
    // Broken constraints, unreadable values, missing tables and columns: the schema's own writers make none of these.
    case (_, "22"), (_, "23"), (_, "42"), (_, "XX"):
      if error.state == "42501" || error.state == "42939" {
        self.init(.unavailable, "The session database refuses this user, or its schema's name.", underlying: error)
      } else {
        self.init(.corrupt, "The session database is damaged.", underlying: error)
      }
    default: self.init(.unavailable, "The session database can't be used now.", underlying: error)
    }
  }
}
