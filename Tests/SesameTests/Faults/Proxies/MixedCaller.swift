import HTTPTesting
import JSON
import Testing

/// One keep-alive connection's part of a mixed load, in which each answer must be that of its own question.
///
/// Every question carries an `X-Request-Id` of its own, which its answer repeats, and is about a session of this caller
/// alone, whose id the answer must hold. A few are sent at a time, without waiting for answers.
struct MixedCaller {
  private struct Question {
    let text: String
    let mark: String
    let isHead: Bool
    let status: Int
    /// What the body must hold.
    let contents: String
  }

  /// What this caller got that was not meant for it.
  private(set) var faults: [String] = []
  /// How many answers were right.
  private(set) var answers = 0

  private let connection: RawHTTPClient
  private let number: Int
  private let key: String
  private var generator: SeededGenerator
  private var sessions: [(id: String, token: String)] = []
  private var asked = 0

  /// `key` is a service key that may do everything: who comes by way of a proxy is trusted with nothing.
  init(_ number: Int, port: Int, key: String, seed: UInt64) throws {
    connection = try RawHTTPClient(port: port)
    self.number = number
    self.key = key
    generator = SeededGenerator(seed: seed &+ UInt64(number))
  }

  /// Asks until there were so many answers, or one was wrong.
  mutating func run(_ count: Int) throws {
    while sessions.count < 4 { try open() }
    while answers < count, faults.isEmpty {
      let questions = (0..<Int.random(in: 1...4, using: &generator)).map { _ in question() }
      try connection.send(questions.map(\.text).joined())
      for question in questions {
        check(try connection.reply(toHead: question.isHead), against: question)
      }
    }
  }

  private mutating func open() throws {
    let question = ask(
      "POST", "/v2/sessions", bearer: key, #"{"user_id":"caller-\#(number)","data":{"of":\#(number)}}"#, 201,
      "caller-\(number)")
    try connection.send(question.text)
    let reply = try connection.reply()
    check(reply, against: question)
    let id = try #require(reply["session"]?["id"]?.string, "\(reply.text)")
    sessions.append((id, try #require(reply["token"]?.string)))
  }

  private mutating func check(_ reply: HTTPReply, against question: Question) {
    let isRight =
      reply.status == question.status && reply.field("x-request-id") == question.mark
      && (question.isHead ? reply.body.isEmpty : reply.text.contains(question.contents))
    if isRight {
      answers += 1
    } else {
      faults.append(
        "\(question.mark) wanted \(question.status) with \(question.contents), and got \(reply.status) for "
          + "\(reply.field("x-request-id") ?? "nobody"): \(reply.text.prefix(200))")
    }
  }

  private mutating func question() -> Question {
    let (id, token) = sessions[Int.random(in: 0..<sessions.count, using: &generator)]
    switch Int.random(in: 0..<12, using: &generator) {
    case 0, 1, 2: return ask("GET", "/v2/session", bearer: token, nil, 200, id)
    case 3: return ask("HEAD", "/v2/session", bearer: token, nil, 200, "")
    case 4: return ask("GET", "/v2/session", bearer: token.dropLast() + "~", nil, 401, "code")
    case 5: return ask("POST", "/v2/verify", bearer: key, #"{"token":"\#(token)"}"#, 200, id)
    case 6: return ask("POST", "/v2/verify", bearer: key, #"{"token":"\#(token)"}"#, isChunked: true, 200, id)
    case 7: return ask("GET", "/v2/sessions/\(id)", bearer: key, nil, 200, id)
    case 8:
      let large = String(repeating: "b", count: Int.random(in: 1...40_000, using: &generator))
      return ask("PATCH", "/v2/sessions/\(id)", bearer: key, #"{"data":"\#(large)"}"#, 200, id)
    case 9: return ask("GET", "/v2/sessions?user_id=caller-\(number)&limit=5", bearer: key, nil, 200, id)
    case 10: return ask("GET", "/no/such/\(number)", bearer: key, nil, 404, "code")
    default: return ask("POST", "/v2/verify", bearer: key, "{", isChunked: true, 400, "code")
    }
  }

  private mutating func ask(
    _ method: String, _ target: String, bearer: some StringProtocol, _ body: String?, isChunked: Bool = false,
    _ status: Int, _ contents: String
  ) -> Question {
    asked += 1
    let mark = "caller-\(number)-\(asked)"
    var text = "\(method) \(target) HTTP/1.1\r\nHost: sesame.example\r\nX-Request-Id: \(mark)\r\n"
    text += "Authorization: Bearer \(bearer)\r\n"
    if let body {
      text += "Content-Type: application/json\r\n"
      if isChunked {
        let half = body.utf8.count / 2
        text += "Transfer-Encoding: chunked\r\n\r\n"
        for part in [body.prefix(half), body.dropFirst(half)] where !part.isEmpty {
          text += "\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n"
        }
        text += "0\r\n\r\n"
      } else {
        text += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
      }
    } else {
      text += "\r\n"
    }
    return Question(text: text, mark: mark, isHead: method == "HEAD", status: status, contents: contents)
  }
}
