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
    var closingBegan = false
    var closed: Closing?
  }

  /// A closing that was answered.
  struct Closing {
    var time: Timestamp
    var order: Int
    var node: Int
  }

  /// When a question began.
  struct Question {
    var time: Timestamp
    var order: Int
    var node: Int
  }

  let lease: TimeSpan
  let idleTimeout: TimeSpan
  private(set) var order = 0
  var tracks: [SessionID: Track] = [:]
  var ids: [SessionID] = []
  /// The users all of whose sessions are being closed, and when that last ended.
  private var closingUsers: [ExactText: (running: Int, ended: Int)] = [:]
  private(set) var failures: [String] = []
  /// How often each kind of answer came, to see that the simulation does what it should.
  private(set) var tally: [String: Int] = [:]

  init(lease: TimeSpan, idleTimeout: TimeSpan) {
    self.lease = lease
    self.idleTimeout = idleTimeout
  }

  mutating func next() -> Int {
    order += 1
    return order
  }

  mutating func count(_ what: String) { tally[what, default: 0] += 1 }

  mutating func fail(_ what: String) { failures.append(what) }

  // MARK: Answers to verifications

  mutating func accepted(_ id: SessionID, _ question: Question, _ what: String) {
    count("\(what) accepted")
    guard var track = tracks[id] else { return }
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
    track.requestTime = max(track.requestTime, question.time)
    tracks[id] = track
  }

  /// A refusal of the token that was the latest when the question began, of a session as the client knew it then.
  mutating func refused(_ before: Track, _ question: Question, at now: Timestamp, _ what: String) {
    count("\(what) refused")
    guard let track = tracks[before.id], !track.closingBegan, !track.isDoubtful else { return }
    guard now < before.requestTime + idleTimeout else { return }
    // A token that was replaced while the question was under way counts for its grace time; one that was replaced twice
    // counts no more.
    let replaced = track.generation - before.generation + (track.isRenewing ? 1 : 0)
    guard replaced < 2, now < question.time + .seconds(8) else { return }
    fail("\(what) of a living session refused by node \(question.node), generation \(before.generation)")
  }

  // MARK: Openings, renewals, closings

  mutating func opened(_ session: Session, _ token: [UInt8], since order: Int) {
    var track = Track(
      id: session.id, userID: session.userID, token: token, generation: 0, requestTime: session.requestTime)
    if let closing = closingUsers[session.userID] { track.closingBegan = closing.running > 0 || closing.ended > order }
    tracks[session.id] = track
    ids.append(session.id)
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
      case .refused?: refused(before, question, at: now, "a renewal")
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

  mutating func closed(_ id: SessionID, at now: Timestamp, node: Int) {
    count("a closing")
    let order = next()
    // Of several closings the first one's answer counts, and of a node that closed it later the earlier one's node.
    if tracks[id]?.closed == nil { tracks[id]?.closed = Closing(time: now, order: order, node: node) }
  }

  mutating func beginClosing(_ user: ExactText) -> [SessionID] {
    closingUsers[user, default: (0, 0)].running += 1
    let ids = ids.filter { tracks[$0]?.userID == user }
    for id in ids { tracks[id]?.closingBegan = true }
    return ids
  }

  mutating func endClosing(_ user: ExactText) {
    closingUsers[user]?.running -= 1
    let order = next()
    closingUsers[user]?.ended = order
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
