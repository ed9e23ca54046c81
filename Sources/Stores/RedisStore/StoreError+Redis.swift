internal import RedisDriver
internal import SessionCore

extension StoreError {
  /// What a failure of Redis means for a call that only reads.
  init(reading error: RedisError) {
    switch error.code {
    case .stopped: self.init(.closed, "The session store is shut down.", underlying: error)
    case .outOfMemory: self.init(.full, "The session store's memory is full.", underlying: error)
    case .notSaving: self.init(.full, "The session store can't save to its disk.", underlying: error)
    case .readOnly: self.init(.unavailable, "The session store takes no writes now.", underlying: error)
    case .busy: self.init(.unavailable, "The session store is too busy.", underlying: error)
    case .authentication:
      self.init(.unavailable, "The session store does not let this program in.", underlying: error)
    case .refused where Self.isDamage(error): self.init(unreadable: error)
    default: self.init(.unavailable, "The session store can't be reached.", underlying: error)
    }
  }

  /// What a failure of Redis means for a call that writes.
  init(writing error: RedisError) {
    if error.mayHaveExecuted, error.code != .stopped, !Self.isDamage(error) {
      self.init(.unknownOutcome, "The session store did not say whether it stored this.", underlying: error)
    } else {
      self.init(reading: error)
    }
  }

  /// Something is stored that no version of this store has written.
  init(unreadable error: (any Error)?) {
    self.init(.corrupt, "The session store holds something that can't be read.", underlying: error)
  }

  static var unreadable: StoreError { StoreError(unreadable: nil) }

  /// Scripts look before they write, and say "unreadable" of what they can't use.
  private static func isDamage(_ error: RedisError) -> Bool {
    error.code == .refused && (error.serverCode == "WRONGTYPE" || error.description.contains("unreadable "))
  }
}
