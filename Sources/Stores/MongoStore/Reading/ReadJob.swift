internal import SessionCore

/// A piece of work for a thread that reads.
enum ReadJob: Sendable {
  /// One session, to be found together with others.
  case session(SessionID, StoreCall<Session?>)
  /// Anything else, which answers its own call.
  case work(any PendingCall, @Sendable (MongoReader) -> Void)
}
