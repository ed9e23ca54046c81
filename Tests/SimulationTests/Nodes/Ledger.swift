import SessionCore
import Synchronization

/// What the clients of a simulation know, and what they were answered against the promises.
struct Ledger {
  /// A session as its client knows it.
  struct Track {
    var id: SessionID
    var userID: ExactText
    var token: [UInt8]
    var generation: UInt32
    var isRenewing = false
    /// Whether an answer was lost that may have changed it: what stands against it may be right.
    var isDoubtful = false
    /// The time of the latest request that was answered.
    var requestTime: Timestamp
    /// When its opening was answered.
    var openedOrder: Int
    var closingsBegun = 0
    var closingBegan: Bool { closingsBegun > 0 }
    var closed: Closing?
    /// How many changes were begun, and how many were answered as made.
    var changesBegun = 0
    var changesMade = 0
  }

  /// A closing that was answered.
  struct Closing {
    var time: Timestamp
    var order: Int
    var node: Int?
  }

  /// When a question began.
  struct Question {
    var time: Timestamp
    var order: Int
    var node: Int
  }

  /// What is known of one user's openings and closings.
  private struct User {
    var openingsBegun = 0
    var closingsRunning = 0
    var closingsEnded = 0
  }

  let world: SimulatedWorld
  let lease: TimeSpan
  private(set) var order = 0
  var tracks: [SessionID: Track] = [:]
  var ids: [SessionID] = []
  private var users: [ExactText: User] = [:]
  /// When request times were last lost, so that sessions may rightly have ended for want of them.
  private var loss: Timestamp?
  private(set) var failures: [String] = []
  /// How often each kind of answer came, to see that the simulation does what it should.
  private(set) var tally: [String: Int] = [:]

  init(_ world: SimulatedWorld, lease: TimeSpan) {
    self.world = world
    self.lease = lease
  }

  mutating func next() -> Int {
    order += 1
    return order
  }

  mutating func count(_ what: String) { tally[what, default: 0] += 1 }

  mutating func fail(_ what: String) { failures.append(what) }

  mutating func touchesLost(at now: Timestamp) { loss = now }

  /// Whether request times were lost that may be of that time or later.
  func knowsLoss(since time: Timestamp) -> Bool { loss.map { $0 >= time } ?? false }

  /// Whether a session whose last request was answered at `time` must still live at `now`, if nobody closes it.
  func mustLive(since time: Timestamp, at now: Timestamp) -> Bool {
    !knowsLoss(since: time) && now + world.margin < time + world.policy.idleTimeout
  }

  // MARK: Answers to verifications

  mutating func accepted(_ id: SessionID, _ question: Question, _ what: String) {
    count("\(what) accepted")
    guard let track = tracks[id] else { return }
    if let closed = track.closed {
      if question.time > closed.time + lease {
        fail(
          "\(what) accepted that began \((question.time - closed.time).milliseconds) ms after the answer to its closing"
        )
      }
      if question.node == closed.node, question.order > closed.order {
        fail("\(what) accepted by the node that had closed it")
      }
      count("\(what) accepted within the bound")
    }
    tracks[id]?.requestTime = max(track.requestTime, question.time)
  }

  /// A refusal of the token that was the latest when the question began, of a session as the client knew it then.
  mutating func refused(
    _ before: Track, _ question: Question, at now: Timestamp, as reason: CloseReason?, _ what: String
  ) {
    count("\(what) refused")
    guard let track = tracks[before.id], !track.closingBegan, !track.isDoubtful else { return }
    if reason == .evicted, world.evicts { return }
    guard mustLive(since: before.requestTime, at: now) else { return }
    // A token that was replaced while the question was under way counts for its grace time; one that was replaced twice
    // counts no more.
    let replaced = track.generation - before.generation + (track.isRenewing ? 1 : 0)
    guard replaced < 2, now + world.margin < question.time + .seconds(8) else { return }
    fail(
      "\(what) of a living session refused by node \(question.node), generation \(before.generation), as "
        + "\(reason?.rawValue ?? "unknown or superseded")")
  }

  // MARK: Openings, renewals, changes, closings

  mutating func beginOpening(_ user: ExactText) { users[user, default: User()].openingsBegun += 1 }

  mutating func opened(_ session: Session, _ token: [UInt8], since order: Int) {
    count("an opening")
    let answered = next()
    var track = Track(
      id: session.id, userID: session.userID, token: token, generation: 0, requestTime: session.requestTime,
      openedOrder: answered)
    // The nodes' clocks may be ahead; a client's time is the true one.
    track.requestTime = session.requestTime - world.skew
    if let user = users[session.userID] {
      if user.closingsRunning > 0 || user.closingsEnded > order { track.closingsBegun = 1 }
    }
    tracks[session.id] = track
    ids.append(session.id)
  }

  /// An opening was refused for want of a place, though others of the user may have ended.
  mutating func limitReached(_ user: ExactText, _ question: Question) {
    count("an opening beyond the limit")
    let begun = (users[user]?.openingsBegun ?? 0) - 1
    let ended = tracks.values.count { $0.userID == user && ($0.closed?.order ?? .max) < question.order }
    if begun - ended < world.policy.liveLimit?.maximum ?? 0 {
      fail("an opening refused for the limit, where \(begun) were opened and \(ended) closed")
    }
  }

  /// The answers to one token's renewals that were made together.
  mutating func renewed(_ before: Track, _ answers: [(verdict: RenewVerdict?, question: Question)], at now: Timestamp) {
    tracks[before.id]?.isRenewing = false
    var tokens: Set<[UInt8]> = []
    for (verdict, question) in answers {
      switch verdict {
      case .renewed(let session, let token)?:
        accepted(before.id, question, "a renewal")
        tokens.insert(token.text)
        if session.generation != before.generation + 1 {
          fail("a renewal of generation \(before.generation) answered with \(session.generation)")
        }
      case .refused(_, let reason)?: refused(before, question, at: now, as: reason, "a renewal")
      case nil: count("a renewal lost")
      }
    }
    if tokens.count > 1 { fail("parallel renewals got different tokens") }
    if let token = tokens.first {
      tracks[before.id]?.token = token
      tracks[before.id]?.generation = before.generation + 1
    } else if answers.contains(where: { $0.verdict == nil }) {
      tracks[before.id]?.isDoubtful = true
    }
  }

  /// A closing was answered by `node`; `nil` if another node may have made it, whose note comes later.
  mutating func closed(_ id: SessionID, at now: Timestamp, node: Int?) {
    count("a closing")
    let order = next()
    // Of several closings the first one's answer counts, and of a node that closed it later the earlier one's node.
    if tracks[id]?.closed == nil { tracks[id]?.closed = Closing(time: now, order: order, node: node) }
  }

  mutating func beginClosing(_ user: ExactText) -> [SessionID] {
    users[user, default: User()].closingsRunning += 1
    let ids = ids.filter { tracks[$0]?.userID == user }
    for id in ids { tracks[id]?.closingsBegun += 1 }
    return ids
  }

  /// A closing of all of a user's sessions was answered; one that was not may still come, and close later ones.
  mutating func endClosing(_ user: ExactText) {
    users[user]?.closingsRunning -= 1
    let order = next()
    users[user]?.closingsEnded = order
  }
}

/// The answers to calls that are made together, until all are there.
final class Answers<Answer: Sendable>: Sendable {
  private let answers = Mutex<[Answer]>([])
  private let count: Int

  init(_ count: Int) { self.count = count }

  /// Adds one; answers all of them with the last.
  func add(_ answer: Answer) -> [Answer]? {
    answers.withLock { answers in
      answers.append(answer)
      return answers.count == count ? answers : nil
    }
  }
}
