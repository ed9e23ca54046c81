internal import SessionCore
internal import Synchronization

/// One opening within a limit, which waits for its turn.
struct LimitedOpening: Sendable {
  let session: Session
  let limit: LiveSessionLimit
  let actor: Actor
  let now: Timestamp
  let deadline: ContinuousClock.Instant

  /// Whether both can be decided on together.
  func goes(with other: LimitedOpening) -> Bool {
    limit == other.limit && max(now - other.now, other.now - now) < .seconds(1)
  }
}

/// The openings of each user that this node is about to make within a limit: one at a time is decided, together with
/// those that came while the one before was.
final class OpeningQueue: Sendable {
  typealias Answer = Result<InsertOutcome, StoreError>

  /// What one who waits is told.
  enum Turn: Sendable {
    /// Decide on these, the first of which is one's own, and say what became of the others.
    case lead([LimitedOpening], followers: [Ticket])
    /// Another has decided.
    case over(Answer)
  }

  /// One who waits for another's decision.
  struct Ticket: Sendable {
    let opening: LimitedOpening
    let continuation: CheckedContinuation<Turn, Never>
  }

  private let waiting = Mutex<[ExactText: [Ticket]]>([:])

  /// Waits for one's turn, or another's decision.
  func turn(_ opening: LimitedOpening) async -> Turn {
    await withCheckedContinuation { continuation in
      let user = opening.session.userID
      let leads = waiting.withLock { waiting in
        guard waiting[user] != nil else {
          waiting[user] = []
          return true
        }
        waiting[user]?.append(Ticket(opening: opening, continuation: continuation))
        return false
      }
      if leads { continuation.resume(returning: .lead([opening], followers: [])) }
    }
  }

  /// Ends a leader's turn: whoever has the least time left is next, with those that go with it.
  func finish(_ user: ExactText) {
    let next: (Ticket, Turn)? = waiting.withLock { waiting in
      var tickets = waiting[user] ?? []
      guard
        let first = tickets.indices.min(by: { tickets[$0].opening.deadline < tickets[$1].opening.deadline })
      else {
        waiting[user] = nil
        return nil
      }
      let leader = tickets.remove(at: first)
      var ids: Set<SessionID> = [leader.opening.session.id]
      var followers: [Ticket] = []
      tickets.removeAll { ticket in
        // One id twice is for two turns; more than this at once is too much for one script.
        guard ticket.opening.goes(with: leader.opening), followers.count < 199,
          ids.insert(ticket.opening.session.id).inserted
        else { return false }
        followers.append(ticket)
        return true
      }
      waiting[user] = tickets
      return (leader, .lead([leader.opening] + followers.map(\.opening), followers: followers))
    }
    if let (leader, turn) = next { leader.continuation.resume(returning: turn) }
  }
}
