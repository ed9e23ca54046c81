import Foundation
import HTTPTesting
import JSON
import Synchronization

/// Closes sessions on one node after another while they are verified on all, and holds every answer against the
/// promise.
///
/// A session counts as closed from when the answer to its close was read; a verification begins before its request is
/// sent. Both err on the server's side, so that what is found here is a broken promise.
final class CloseRace: Sendable {
  /// How long after an acknowledged close another node may still take the token.
  static let bound = Duration.seconds(1)

  /// What was seen.
  struct Findings: Sendable {
    var closes = 0
    var verifications = 0
    /// Answers that the store could not be reached.
    var unserved = 0
    var faults: [String] = []
    /// For each session, how long after its close the last verification began that took it, in milliseconds.
    var lags: [Double] = []

    mutating func add(_ other: Findings) {
      closes += other.closes
      verifications += other.verifications
      unserved += other.unserved
      faults += other.faults
      lags += other.lags
    }
  }

  /// A session that was closed.
  struct Closed: Sendable {
    let token: String
    let acknowledged: ContinuousClock.Instant
  }

  private let nodes: Nodes
  private let state = Mutex((findings: Findings(), closed: [Closed](), stopped: Set<Int>()))
  /// Acknowledged closes that are still to come, and rounds that may be spent on them.
  private let remaining: Atomic<Int>
  private let rounds: Atomic<Int>
  private let directors: Atomic<Int>
  private let roundEnded = DispatchSemaphore(value: 0)

  /// A race that ends after so many acknowledged `closes`, and not before each of the `directors` is done.
  ///
  /// It gives up after four times as many rounds: a store that is slow leaves some of the closes unanswered.
  init(_ nodes: Nodes, closes: Int, directors: Int) {
    self.nodes = nodes
    remaining = Atomic(closes)
    rounds = Atomic(4 * closes)
    self.directors = Atomic(directors)
  }

  var findings: Findings { state.withLock { $0.findings } }
  var closed: [Closed] { state.withLock { $0.closed } }

  /// Whether the race goes on.
  var isOn: Bool {
    let isWanted = remaining.load(ordering: .relaxed) > 0 && rounds.load(ordering: .relaxed) > 0
    return isWanted || directors.load(ordering: .relaxed) > 0
  }

  /// A director is done.
  func directorIsDone() { directors.subtract(1, ordering: .relaxed) }

  /// Has a node not be asked from now on, or be asked again.
  func set(stopped isStopped: Bool, node: Int) {
    state.withLock { state in
      if isStopped { state.stopped.insert(node) } else { state.stopped.remove(node) }
    }
  }

  private var stopped: Set<Int> { state.withLock { $0.stopped } }

  /// One closer's part: opens a session, has it known to nodes or not, closes it, and asks everywhere until it is gone.
  func run(_ closer: Int) {
    var generator = SeededGenerator(seed: UInt64(closer))
    var clients: [ServiceClient?] = Array(repeating: nil, count: nodes.count)
    while isOn {
      rounds.subtract(1, ordering: .relaxed)
      var findings = Findings()
      do {
        try round(closer, &clients, &generator, &findings)
      } catch {
        findings.faults.append("closer \(closer): \(error)")
        clients = Array(repeating: nil, count: nodes.count)
      }
      remaining.subtract(findings.closes, ordering: .relaxed)
      state.withLock { $0.findings.add(findings) }
      roundEnded.signal()
    }
  }

  /// Waits for so many more rounds of the closers, or for the end of the race.
  func waitForRounds(_ count: Int) {
    // None of those before.
    while roundEnded.wait(timeout: .now()) == .success {}
    for _ in 0..<count where isOn { _ = roundEnded.wait(timeout: .now() + 20) }
  }

  private func client(_ node: Int, _ clients: inout [ServiceClient?]) throws -> ServiceClient {
    if let client = clients[node] { return client }
    let client = try nodes.client(node)
    clients[node] = client
    return client
  }

  private func round(
    _ closer: Int, _ clients: inout [ServiceClient?], _ generator: inout SeededGenerator, _ findings: inout Findings
  ) throws {
    let order = Array(0..<nodes.count).filter { !stopped.contains($0) }.shuffled(using: &generator)
    let opened = try client(order[0], &clients).send("POST", "/v2/sessions", #"{"user_id":"closer-\#(closer)"}"#)
    guard opened.status == 201, let id = opened["session"]?["id"]?.string, let token = opened["token"]?.string else {
      return refuse(opened, "an opening", &findings)
    }
    // Known everywhere, or read from the store by other nodes in the very moment of its end.
    if Bool.random(using: &generator) {
      for node in order {
        let reply = try client(node, &clients).send("GET", "/v2/session", bearer: token)
        findings.verifications += 1
        if reply.status != 200 { refuse(reply, "a good token on node \(node)", &findings) }
      }
    } else {
      for node in order.dropLast() { try client(node, &clients).begin("GET", "/v2/session", bearer: token) }
    }
    let closing = order.last ?? 0
    let reply = try client(closing, &clients).send("POST", "/v2/sessions/\(id)/close")
    let acknowledged = ContinuousClock.now
    for node in order.dropLast() where try client(node, &clients).isOwed {
      let reply = try client(node, &clients).finish()
      if ![200, 401].contains(reply.status) { refuse(reply, "a token while it ended", &findings) }
    }
    guard reply.status == 200 else { return refuse(reply, "a close", &findings) }
    findings.closes += 1
    state.withLock { $0.closed.append(Closed(token: token, acknowledged: acknowledged)) }
    var lag = 0.0
    for node in [closing] + order.dropLast() where !stopped.contains(node) {
      let last = try lastTaken(token, acknowledged, on: node, client(node, &clients), &findings)
      if node == closing, last > 0 { findings.faults.append("the node that closed a session took it \(last) ms later") }
      lag = max(lag, last)
    }
    findings.lags.append(lag)
  }

  /// Asks a node until it refuses; how long after the close the last request began that it took, in milliseconds.
  private func lastTaken(
    _ token: String, _ acknowledged: ContinuousClock.Instant, on node: Int, _ client: ServiceClient,
    _ findings: inout Findings
  ) throws -> Double {
    var last = 0.0
    while true {
      let begin = ContinuousClock.now
      let reply = try client.send("GET", "/v2/session", bearer: token)
      findings.verifications += 1
      switch reply.status {
      case 401: return last
      case 200:
        last = (begin - acknowledged).milliseconds
        if begin > acknowledged + Self.bound {
          findings.faults.append("node \(node) took a token \(last) ms after its close")
          return last
        }
      default:
        refuse(reply, "a closed token", &findings)
        return last
      }
    }
  }

  /// An answer that is neither yes nor no.
  private func refuse(_ reply: HTTPReply, _ what: String, _ findings: inout Findings) {
    findings.unserved += 1
    // What may have happened is not to be tried again without a thought: that answer says no time.
    let mayAsk = reply.field("retry-after") != nil || reply["code"]?.string == "outcome_unknown"
    if reply.status != 503 || !mayAsk { findings.faults.append("\(what) was answered \(reply.status) \(reply.text)") }
  }

  /// Expects every node to refuse the last tokens, as soon as the bound has passed since the last close.
  func checkAll() throws {
    let closed = closed.suffix(1000)
    let end = (closed.map(\.acknowledged).max() ?? .now) + Self.bound
    for node in 0..<nodes.count {
      // One after the other: a connection that has nothing to say for too long is closed.
      let client = try nodes.client(node)
      _ = try client.wait { _ in ContinuousClock.now > end }
      for session in closed {
        var reply = try client.send("GET", "/v2/session", bearer: session.token)
        // What was broken may still be mending.
        _ = try client.wait { client in
          if reply.status == 503 { reply = try client.send("GET", "/v2/session", bearer: session.token) }
          return reply.status != 503
        }
        if reply.status != 401 {
          state.withLock { $0.findings.faults.append("node \(node) took a token in the end: \(reply.status)") }
        }
      }
    }
  }
}
