internal import SessionCore

/// A write for the writer's thread.
struct WriteJob: Sendable {
  /// What became of a job's work in a transaction that is not committed yet.
  struct Outcome {
    /// Whether it failed, and is to leave nothing behind.
    let isFailure: Bool
    /// Tells the waiting task, once the transaction is committed.
    let answer: () -> Void
  }

  /// What is read for a whole batch at once, before the first job's work.
  struct Needs: Sendable {
    /// Sessions, with all they have.
    var sessions: [SessionID] = []
    /// The open sessions of a user, without `user`, `data` and `carried`.
    var openSessions: ExactText?
    /// About how many entries it adds to the event log.
    var events = 1
    /// About how many documents it changes, for the size of a transaction.
    var weight = 1
  }

  let call: any PendingCall
  let needs: Needs
  let perform: @Sendable (WriteBatch) -> Outcome
}
