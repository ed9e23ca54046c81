import HTTPTesting
import JSON
import Testing

extension ServiceClient {
  /// The password of every account that `account(_:)` makes.
  static let password = "a walk by the sea"

  /// Creates an account named so, which must be admitted, with ``password``; answers its number.
  @discardableResult
  func account(_ name: String, level: String = "U") throws -> Int64 {
    let reply = try untilServed {
      try send(
        "POST", "/v2/accounts",
        #"{"email":"\#(name)@example.org","username":"\#(name)","password":"\#(Self.password)","level":"\#(level)"}"#)
    }
    try #require(reply.status == 201, "\(reply.text)")
    return try #require(reply["id"]?.integer)
  }

  /// Asks again while a machine at its limits tells it to come back: what hashes passwords goes last there.
  func untilServed(_ ask: () throws -> HTTPReply) throws -> HTTPReply {
    var reply = try ask()
    _ = try wait { _ in
      if reply["code"]?.string == "busy" { reply = try ask() }
      return reply["code"]?.string != "busy"
    }
    return reply
  }

  /// Logs in by password.
  func logIn(
    _ name: String, _ password: String = ServiceClient.password, _ more: String = "", bearer: String? = nil,
    fields: [(name: String, value: String)] = []
  ) throws -> HTTPReply {
    try untilServed { try logInOnce(name, password, more, bearer: bearer, fields: fields) }
  }

  /// Logs in by password, and takes `busy` for an answer.
  func logInOnce(
    _ name: String, _ password: String = ServiceClient.password, _ more: String = "", bearer: String? = nil,
    fields: [(name: String, value: String)] = []
  ) throws -> HTTPReply {
    try send(
      "POST", "/v2/login",
      #"{"email":"\#(name)@example.org","password":"\#(password)"\#(more.isEmpty ? "" : "," + more)}"#,
      bearer: bearer, fields: fields)
  }

  /// Logs in by password, which must succeed.
  func session(of name: String, _ password: String = ServiceClient.password) throws -> (id: String, token: String) {
    let reply = try logIn(name, password)
    try #require(reply.status == 201, "\(reply.text)")
    return (try #require(reply["session"]?["id"]?.string), try #require(reply["token"]?.string))
  }

  /// Logs in by an id token.
  func logIn(idToken: [UInt8], _ more: String = "") throws -> HTTPReply {
    let text = String(decoding: idToken, as: UTF8.self)
    return try send("POST", "/v2/login", #"{"id_token":"\#(text)"\#(more.isEmpty ? "" : "," + more)}"#)
  }

  /// What happened after a place in the log, page by page to its end.
  func events(after cursor: String? = nil, types: String? = nil, limit: Int = 100) throws -> [LoggedLine] {
    var lines: [LoggedLine] = []
    var next = cursor ?? "0"
    while true {
      let type = types.map { "&type=\($0)" } ?? ""
      let reply = try send("GET", "/v2/events?after=\(next)&limit=\(limit)\(type)")
      try #require(reply.status == 200, "\(reply.text)")
      lines += try #require(reply["events"]?.elements).map { try LoggedLine($0) }
      next = try #require(reply["next"]?.string)
      if reply["more"]?.boolean != true { return lines }
    }
  }
}

/// An event as an interface shows it.
struct LoggedLine: Sendable, Equatable, CustomStringConvertible {
  let cursor: Int64
  let type: String
  let actor: String
  let session: String?
  let user: String?
  let key: Int64?
  let reason: String?
  let request: String?
  /// The whole object.
  let text: String

  init(_ json: JSONValue) throws {
    cursor = try #require(json["cursor"]?.string.flatMap { Int64($0) })
    type = try #require(json["type"]?.string)
    actor = try #require(json["actor"]?["kind"]?.string)
    session = json["session_id"]?.string
    user = json["user_id"]?.string
    key = json["key_id"]?.integer
    reason = json["reason"]?.string
    request = json["actor"]?["request_id"]?.string
    text = json.text.description
  }

  var description: String { text }
}
