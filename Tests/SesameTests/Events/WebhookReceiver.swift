import Cryptography
import Foundation
import HTTPTesting
import JSON
import SessionCore
import Synchronization
import Testing

/// A program that is told of events: it checks each post as the documentation says, and takes it or not.
final class WebhookReceiver: Sendable {
  /// What it answers.
  enum Mood: Sendable {
    case taking
    /// Status 500.
    case failing
    /// Takes nothing, and says nothing either.
    case silent
  }

  private struct State {
    var mood = Mood.taking
    var taken: [LoggedLine] = []
    var posts = 0
    var refused = 0
    var faults: [String] = []
  }

  /// What its settings say, too.
  static let secret = "0123456789abcdef0123456789abcdef"
  private let state: SharedState
  private let server: ScriptedServer

  private final class SharedState: Sendable {
    let value = Mutex(State())
  }

  /// A receiver that takes everything which is signed with `secret`.
  init(secret: String = WebhookReceiver.secret) throws {
    let state = SharedState()
    self.state = state
    server = try ScriptedServer { connection in
      while true {
        let request = try connection.request()
        let mood = state.value.withLock { state in
          state.posts += 1
          if state.mood == .failing { state.refused += 1 }
          return state.mood
        }
        switch mood {
        case .silent: try connection.hang()
        case .failing: try connection.respond(500, body: [])
        case .taking:
          let result = Result { try Self.lines(of: request, secret: secret) }
          state.value.withLock { state in
            switch result {
            case .success(let lines): state.taken += lines
            case .failure(let error): state.faults.append("\(error)")
            }
          }
          try connection.respond(200, body: [])
        }
      }
    }
  }

  /// The setting that names it.
  var address: [String] { ["--set", "webhooks.test.url=http://127.0.0.1:\(server.port)/hook"] }

  /// The settings that name it, and its secret.
  func settings(types: String? = nil) -> [String] {
    address + ["--set", "webhooks.test.secret=\(Self.secret)"]
      + (types.map { ["--set", "webhooks.test.types=\($0)"] } ?? [])
  }

  /// Every event that it took, in the order in which it did.
  var taken: [LoggedLine] { state.value.withLock { $0.taken } }
  /// How many posts it answered with 500.
  var refused: Int { state.value.withLock { $0.refused } }
  /// How many posts came.
  var posts: Int { state.value.withLock { $0.posts } }
  /// What was wrong with posts.
  var faults: [String] { state.value.withLock { $0.faults } }

  /// Answers so from now on.
  func set(_ mood: Mood) { state.value.withLock { $0.mood = mood } }

  /// The events of a post that is signed, and fresh.
  private static func lines(of request: String, secret: String) throws -> [LoggedLine] {
    let parts = request.components(separatedBy: "\r\n\r\n")
    try #require(parts.count == 2 && parts[0].hasPrefix("POST /hook HTTP/1.1"))
    func field(_ name: String) throws -> String {
      let lines = parts[0].components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix("\(name):") }
      try #require(lines.count == 1, "\(name) in \(parts[0])")
      return String(lines[0].dropFirst(name.count + 1)).trimmingCharacters(in: .whitespaces)
    }
    let (id, time) = (try field("webhook-id"), try field("webhook-timestamp"))
    let key = MessageAuthenticationKey(SecretBytes(Array(secret.utf8)))
    let code = Data(key.code(for: Array("\(id).\(time).\(parts[1])".utf8))).base64EncodedString()
    try #require(try field("webhook-signature") == "v1,\(code)")
    try #require(abs(Date().timeIntervalSince1970 - (Double(time) ?? 0)) < 300)
    try #require(try field("content-type") == "application/json")
    let events = try #require(JSONReading(parts[1])["events"]?.elements)
    return try events.map { try LoggedLine($0) }
  }
}
