import HTTPTesting
import JSON
import Testing

/// A keep-alive connection to a running program.
final class ServiceClient {
  private let connection: RawHTTPClient
  private let host: String
  private var owed: String?

  /// Connects over TCP.
  init(port: Int, timeout: Duration = .seconds(60)) throws {
    connection = try RawHTTPClient(port: port, timeout: timeout)
    host = "127.0.0.1:\(port)"
  }

  /// Connects to the administration socket.
  init(socket path: String) throws {
    connection = try RawHTTPClient(unixPath: path)
    host = "localhost"
  }

  /// Sends a request and reads its answer; a body is JSON unless a field says otherwise.
  func send(
    _ method: String, _ target: String, _ body: String? = nil, bearer: String? = nil,
    fields: [(name: String, value: String)] = []
  ) throws -> HTTPReply {
    try begin(method, target, body, bearer: bearer, fields: fields)
    return try finish()
  }

  /// Sends a request, whose answer ``finish()`` reads.
  func begin(
    _ method: String, _ target: String, _ body: String? = nil, bearer: String? = nil,
    fields: [(name: String, value: String)] = []
  ) throws {
    let names = fields.map { $0.name.lowercased() }
    var text = "\(method) \(target) HTTP/1.1\r\n"
    if !names.contains("host") { text += "Host: \(host)\r\n" }
    if let bearer { text += "Authorization: Bearer \(bearer)\r\n" }
    if let body {
      if !names.contains("content-type") { text += "Content-Type: application/json\r\n" }
      text += "Content-Length: \(body.utf8.count)\r\n"
    }
    for (name, value) in fields { text += "\(name): \(value)\r\n" }
    try connection.send(text + "\r\n" + (body ?? ""))
    owed = method
  }

  /// Whether a request was sent whose answer nobody has read.
  var isOwed: Bool { owed != nil }

  /// Reads the answer to what ``begin(_:_:_:bearer:fields:)`` has sent.
  func finish() throws -> HTTPReply {
    defer { owed = nil }
    return try connection.reply(toHead: owed == "HEAD")
  }

  /// Hangs up in the middle of everything.
  func reset() { connection.reset() }

  /// Opens a session, which must be admitted.
  func open(_ userID: String = "u1", _ more: String = "") throws -> (id: String, token: String) {
    let reply = try send("POST", "/v2/sessions", #"{"user_id":"\#(userID)"\#(more.isEmpty ? "" : "," + more)}"#)
    try #require(reply.status == 201, "\(reply.text)")
    return (try #require(reply["session"]?["id"]?.string), try #require(reply["token"]?.string))
  }

  /// The status of the caller's own session: 200, or 401.
  func ownStatus(_ token: String) throws -> Int { try send("GET", "/v2/session", bearer: token).status }

  /// Asks again until the answer is as it must be, for at most a minute; each question is a whole exchange.
  func wait(until isRight: (ServiceClient) throws -> Bool) throws -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while try !isRight(self) {
      if ContinuousClock.now > end { return false }
    }
    return true
  }

  /// What is counted now.
  func metrics() throws -> MetricsReading { try MetricsReading(send("GET", "/metrics").text) }
}

extension HTTPReply {
  /// The body as JSON; `nil` if it is none.
  var root: JSONValue? { try? JSONDocument(parsing: body, limits: .widest).root }

  /// A member of the body.
  subscript(_ name: StaticString) -> JSONValue? { root?[name] }

  /// Every value of a field, whose name is in lower case.
  func values(of name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}
