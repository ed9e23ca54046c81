/// A request within which another one hides, for a proxy and a server that read it in two ways.
struct SmuggledRequest: Sendable {
  let name: String
  private let fields: String
  private let body: @Sendable (String) -> String

  /// The bytes to send.
  ///
  /// `hidden` is a whole request. `#` in the fields stands for the number of bytes of the body, and `$`
  /// for that of what comes before the hidden request.
  func text(hiding hidden: String) -> String {
    let body = body(hidden)
    let before = body.utf8.count - hidden.utf8.count
    let fields = fields.replacing("#", with: "\(body.utf8.count)").replacing("$", with: "\(before)")
    return "POST /v2/verify HTTP/1.1\r\nHost: sesame.example\r\nContent-Type: application/json\r\n\(fields)\r\n\r\n"
      + body
  }

  private init(_ name: String, _ fields: String, _ body: @escaping @Sendable (String) -> String) {
    self.name = name
    self.fields = fields
    self.body = body
  }

  private static let ended: @Sendable (String) -> String = { "0\r\n\r\n" + $0 }
  private static let chunk: @Sendable (String) -> String = {
    "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n0\r\n\r\n"
  }
  private static let plain: @Sendable (String) -> String = { $0 }

  /// The ways that are known, and some more.
  static let all: [Self] = disguises + lengths + chunks

  /// A coding that one of the two may not see, over a length that both do.
  private static let disguises: [Self] = [
    "Transfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked",
    "Transfer-Encoding:\tchunked", "Transfer-Encoding:\u{B}chunked", "Transfer-Encoding: \u{0}chunked",
    "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked", "Transfer-Encoding: \"chunked\"",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding:\r\n chunked",
    "X-Fold: a\r\n Transfer-Encoding: chunked", "X-Line: a\nTransfer-Encoding: chunked",
    "X-Return: a\rTransfer-Encoding: chunked", "Transfer_Encoding: chunked", "Transfer-Encoding: CHUNKED",
    "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked;x=y",
  ].flatMap { field in
    [
      Self("length of all, \(field.debugDescription)", "Content-Length: #\r\n\(field)", ended),
      Self("length before, \(field.debugDescription)", "\(field)\r\nContent-Length: $", ended),
      Self("a chunk, \(field.debugDescription)", "Content-Length: 4\r\n\(field)", chunk),
    ]
  }

  /// Lengths that two could read as two numbers.
  private static let lengths: [Self] = [
    "Content-Length: 0\r\nContent-Length: #", "Content-Length: #\r\nContent-Length: 0", "Content-Length: 0, #",
    "Content-Length: +#", "Content-Length: -1", "Content-Length: 0x0", "Content-Length: 0 #", "Content-Length:\r\n #",
    "Content-Length: 0\rX: y", "Content-Length: 0\nX: y", "Content-Length : 0", "Content_Length: 0",
    "Content-Length: 00000000000000000000000000000000000000000", "Content-Length: 18446744073709551616",
    "Content-Length: \u{B}0", "Connection: Content-Length\r\nContent-Length: #",
    "Connection: close, Content-Length\r\nContent-Length: #", "Expect: 100-continue\r\nContent-Length: #",
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: #",
    "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: #",
  ].map { Self("\($0.debugDescription)", $0, plain) }

  /// Chunks that two could end at two places.
  private static let chunks: [Self] = endings.map { Self("chunks, \($0.0)", "Transfer-Encoding: chunked", $0.1) }

  private static let endings: [(String, @Sendable (String) -> String)] = [
    ("an extension with a bare LF", { "0;a\nb\r\n\r\n\($0)" }),
    ("an extension with a bare CR", { "0;a\rb\r\n\r\n\($0)" }),
    ("a size with a prefix", { "0x0\r\n\r\n\($0)" }), ("a size with a sign", { "-0\r\n\r\n\($0)" }),
    ("a size with a space", { "0 \r\n\r\n\($0)" }), ("bare LFs", { "0\n\n\($0)" }),
    ("a bare LF behind the data", { "1\r\n{\n0\r\n\r\n\($0)" }),
    ("data longer than its size", { "1\r\n{}\r\n0\r\n\r\n\($0)" }),
    ("a size that overflows", { "10000000000000000\r\n\($0)\r\n0\r\n\r\n" }),
    ("a size that overflows to another", { "100000000\r\n\($0)\r\n0\r\n\r\n" }), ("no size", { "\r\n\r\n\($0)" }),
    ("a trailer that is a length", { "0\r\nContent-Length: 5\r\n\r\n\($0)" }),
    ("a trailer with a bare LF", { "0\r\nX: a\n\n\($0)" }), ("a bare CR at the end", { "0\r\n\r\r\n\($0)" }),
    ("a thousand extensions", { "0\(String(repeating: ";a=b", count: 1000))\r\n\r\n\($0)" }),
  ]
}
