internal import MongoDriver
internal import SessionCore

extension StoreError {
  /// What an error means for a store, of something that surely did not happen, or changes nothing.
  init(_ error: MongoError) {
    switch error.code {
    case .malformed: self.init(.corrupt, "The session store answered with what can't be read.", underlying: error)
    case .stopped: self.init(.closed, "The session store is shut down.", underlying: error)
    case .busy, .exhausted: self.init(.unavailable, "The session store is too busy.", underlying: error)
    case .refused where Self.isOfRoom(error.number):
      self.init(.full, "The session store has no room.", underlying: error)
    case .refused: self.init(.unavailable, "The session store refuses this now.", underlying: error)
    case .misuse: self.init(.unavailable, "The session store's address can't be used.", underlying: error)
    default: self.init(.unavailable, "The session store can't be reached.", underlying: error)
    }
  }

  /// What an error means that came instead of the answer to a write that was sent.
  init(sending error: MongoError) {
    if error.code == .interrupted || error.isUnknownCommit || error.code == .malformed {
      self.init(
        .unknownOutcome, "The session store did not say whether it has stored this.", underlying: error)
    } else {
      self.init(error)
    }
  }

  /// ExceededMemoryLimit, OutOfDiskSpace, and the like
  /// (https://www.mongodb.com/docs/manual/reference/error-codes/).
  private static func isOfRoom(_ number: Int) -> Bool { [28, 146, 12501, 14031].contains(number) }
}
