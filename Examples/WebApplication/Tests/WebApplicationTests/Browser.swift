import HTTPTesting
import Testing

/// What a browser does for the site: it keeps the cookie, and posts forms from the site's own pages.
final class Browser {
  private let port: Int
  /// The cookie as it is sent back.
  var cookie: String?
  /// The origin of the page that posts; the site's own at first.
  var origin: String

  init(_ port: Int) {
    self.port = port
    origin = "http://127.0.0.1:\(port)"
  }

  func get(_ path: String) throws -> HTTPReply { try exchange("GET \(path) HTTP/1.1\r\n", body: "") }

  func post(_ path: String, _ form: [String: String]) throws -> HTTPReply {
    let body = form.map { "\(encoded($0))=\(encoded($1))" }.joined(separator: "&")
    return try exchange(
      """
      POST \(path) HTTP/1.1\r
      Content-Type: application/x-www-form-urlencoded\r
      Content-Length: \(body.utf8.count)\r
      Origin: \(origin)\r

      """, body: body)
  }

  func logIn(password: String = "a bicycle made of tin") throws -> HTTPReply {
    try post("/login", ["email": "ada@example.com", "password": password])
  }

  /// The hidden field of a page's forms.
  func proof(in reply: HTTPReply) throws -> String {
    let mark = "name=\"proof\" value=\""
    let start = try #require(reply.text.firstRange(of: mark)?.upperBound)
    return String(reply.text[start...].prefix { $0 != "\"" })
  }

  private func exchange(_ head: String, body: String) throws -> HTTPReply {
    let kept = cookie.map { "Cookie: \($0)\r\n" } ?? ""
    let reply = try RawHTTPClient(port: port).exchange("\(head)Host: 127.0.0.1:\(port)\r\n\(kept)\r\n\(body)")
    if let field = reply.field("set-cookie") {
      cookie = field.contains("Max-Age=0") ? nil : String(field.prefix { $0 != ";" })
    }
    return reply
  }

  private func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
