import Foundation
import HTTPTesting
import JSON
import Synchronization

/// Callers who ask all nodes while a store is broken and mended, and who know what may be answered.
final class OutageWatch: Sendable {
  /// What they found.
  struct Findings: Sendable {
    var answers = 0
    var unserved = 0
    var faults: [String] = []
    /// How long the slowest answer took, in milliseconds.
    var slowest = 0.0
    /// Tokens of sessions whose opening was answered.
    var opened: [String] = []
  }

  /// How long an answer may take before a test calls it none; the promise, which the script measures, is a second.
  static let patience = Duration.seconds(5)
  private static let callersOfNode = 4

  private let nodes: Nodes
  private let good: [String]
  private let dead: [String]
  private let state: Mutex<(findings: [Findings], isOver: Bool)>
  private let somethingHappened = DispatchSemaphore(value: 0)

  /// Opens what the callers ask for, and closes a part of it.
  init(_ nodes: Nodes) throws {
    self.nodes = nodes
    let client = try nodes.client(0)
    good = try (0..<40).map { try client.open("good-\($0)").token }
    dead = try (0..<20).map { number in
      let (id, token) = try client.open("dead-\(number)")
      _ = try client.send("POST", "/v2/sessions/\(id)/close")
      return token
    }
    state = Mutex((Array(repeating: Findings(), count: nodes.count * Self.callersOfNode), false))
  }

  /// How many callers there are.
  var callers: Int { nodes.count * Self.callersOfNode }

  /// What all of them found.
  var findings: Findings {
    state.withLock { state in
      state.findings.reduce(into: Findings()) { all, one in
        all.answers += one.answers
        all.unserved += one.unserved
        all.faults += one.faults
        all.slowest = max(all.slowest, one.slowest)
        all.opened += one.opened
      }
    }
  }

  /// Sends the callers home.
  func finish() { state.withLock { $0.isOver = true } }

  /// Waits until each caller has had so many more answers, only counting those that `isCounted` looks at.
  ///
  /// - Returns: whether that came within a minute.
  func wait(for count: Int, of value: (Findings) -> Int) -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    let start = state.withLock { $0.findings.map(value) }
    while ContinuousClock.now < end {
      let now = state.withLock { $0.findings.map(value) }
      if zip(start, now).allSatisfy({ $1 >= $0 + count }) { return true }
      _ = somethingHappened.wait(timeout: .now() + 1)
    }
    return false
  }

  /// One caller's part.
  func run(_ caller: Int) {
    var generator = SeededGenerator(seed: UInt64(caller))
    var client: ServiceClient?
    while !state.withLock({ $0.isOver }) {
      let begin = ContinuousClock.now
      var fault: String?
      var reply: HTTPReply?
      let question = Int.random(in: 0..<10, using: &generator)
      do {
        let connection = try client ?? nodes.client(caller % nodes.count, timeout: Self.patience)
        client = connection
        reply = try ask(question, connection, &generator)
        fault = reply.flatMap { self.fault(in: $0, to: question) }
      } catch {
        fault = "\(error)"
        client = nil
      }
      note(caller, reply, question, fault, took: (.now - begin).milliseconds)
    }
  }

  private func ask(
    _ question: Int, _ client: ServiceClient, _ generator: inout SeededGenerator
  ) throws -> HTTPReply {
    switch question {
    case 0: try client.send("POST", "/v2/sessions", #"{"user_id":"during"}"#)
    case 1: try client.send("GET", "/v2/session", bearer: "sst_" + String(repeating: "A", count: 72))
    case 2...3:
      try client.send("GET", "/v2/session", bearer: dead.randomElement(using: &generator))
    default: try client.send("GET", "/v2/session", bearer: good.randomElement(using: &generator))
    }
  }

  /// What is wrong with an answer: nobody unknown is let in, nobody known is sent away.
  private func fault(in reply: HTTPReply, to question: Int) -> String? {
    let (name, right) =
      switch question {
      case 0: ("an opening", 201)
      case 1: ("a forged token", 401)
      case 2...3: ("a closed token", 401)
      default: ("a good token", 200)
      }
    if reply.status == right { return nil }
    if reply.status == 503, question != 1 {
      // What may have happened is not to be tried again without a thought: that answer says no time.
      if reply["code"]?.string == "outcome_unknown" { return nil }
      return reply.field("retry-after") == nil ? "\(name): 503 without Retry-After" : nil
    }
    return "\(name) was answered \(reply.status) \(reply.text)"
  }

  private func note(_ caller: Int, _ reply: HTTPReply?, _ question: Int, _ fault: String?, took milliseconds: Double) {
    state.withLock { state in
      state.findings[caller].answers += 1
      state.findings[caller].slowest = max(state.findings[caller].slowest, milliseconds)
      if reply?.status == 503 { state.findings[caller].unserved += 1 }
      if let fault { state.findings[caller].faults.append("node \(caller % nodes.count): \(fault)") }
      if question == 0, reply?.status == 201, let token = reply?["token"]?.string {
        state.findings[caller].opened.append(token)
      }
    }
    somethingHappened.signal()
  }
}
