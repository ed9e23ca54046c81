/// Reads one response from pieces of bytes, and refuses what RFC 9112 doesn't allow a server to send.
struct ReplyReader {
  let isForHead: Bool

  /// Reads until the response is whole.
  ///
  /// `next` gives more bytes, none at the end; `keep` takes those that came after it.
  func read(next: () throws -> [UInt8], keep: ([UInt8]) -> Void) throws -> HTTPReply {
    var kept: [UInt8] = []
    let head = try readHead(next: next) { kept = $0 }
    func more() throws -> [UInt8] {
      defer { kept = [] }
      return kept.isEmpty ? try next() : kept
    }
    if try isChunked(head) {
      var body: [UInt8] = []
      while !isForHead {
        let piece = try ChunkReader.read(next: more) { kept = $0 }
        if piece.isEmpty { break }
        body += piece
      }
      keep(kept)
      return HTTPReply(status: head.status, fields: head.fields, body: body)
    }
    let length = try bodyLength(status: head.status, fields: head.fields)
    var bytes: [UInt8] = kept
    while bytes.count < length {
      let piece = try next()
      guard !piece.isEmpty else { throw RawHTTPClientError.closed(after: bytes) }
      bytes += piece
    }
    keep(Array(bytes[length...]))
    return HTTPReply(status: head.status, fields: head.fields, body: Array(bytes[..<length]))
  }

  /// Reads until the head is whole; the answer has no body.
  func readHead(next: () throws -> [UInt8], keep: ([UInt8]) -> Void) throws -> HTTPReply {
    var bytes: [UInt8] = []
    func more() throws {
      let piece = try next()
      guard !piece.isEmpty else { throw RawHTTPClientError.closed(after: bytes) }
      bytes += piece
    }
    var searched = 0
    var end = Self.endOfHead(bytes, from: searched)
    while end == nil {
      searched = max(0, bytes.count - 3)
      try more()
      end = Self.endOfHead(bytes, from: searched)
    }
    let headEnd = end ?? 0
    let (status, fields) = try Self.head(Array(bytes[..<headEnd]))
    keep(Array(bytes[(headEnd + 4)...]))
    return HTTPReply(status: status, fields: fields, body: [])
  }

  /// Whether the body comes in chunks, which excludes a length and an answer without a body.
  private func isChunked(_ head: HTTPReply) throws -> Bool {
    guard head.fields.contains(where: { $0.name == "transfer-encoding" }) else { return false }
    guard head.field("transfer-encoding") == "chunked" else {
      throw RawHTTPClientError.malformed("a Transfer-Encoding that is not chunked, once")
    }
    guard !head.fields.contains(where: { $0.name == "content-length" }) else {
      throw RawHTTPClientError.malformed("a Content-Length with a Transfer-Encoding")
    }
    guard head.status >= 200, head.status != 204, head.status != 304 else {
      throw RawHTTPClientError.malformed("a Transfer-Encoding with status \(head.status)")
    }
    return true
  }

  private func bodyLength(status: Int, fields: [(name: String, value: String)]) throws -> Int {
    let lengths = fields.filter { $0.name == "content-length" }
    if status < 200 || status == 204 || status == 304 {
      guard lengths.isEmpty else { throw RawHTTPClientError.malformed("a Content-Length with status \(status)") }
      return 0
    }
    guard lengths.count == 1, lengths[0].value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let length = Int(lengths[0].value)
    else { throw RawHTTPClientError.malformed("not exactly one Content-Length of digits") }
    return isForHead ? 0 : length
  }

  private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= 4 else { return nil }
    var index = start
    while index + 3 < bytes.count {
      if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 { return index }
      index += 1
    }
    return nil
  }

  private static func head(_ bytes: [UInt8]) throws -> (status: Int, fields: [(name: String, value: String)]) {
    var lines: [[UInt8]] = [[]]
    var index = 0
    while index < bytes.count {
      if bytes[index] == 13, index + 1 < bytes.count, bytes[index + 1] == 10 {
        lines.append([])
        index += 2
        continue
      }
      guard bytes[index] >= 0x20 || bytes[index] == 9 else {
        throw RawHTTPClientError.malformed("a control character in the head")
      }
      lines[lines.count - 1].append(bytes[index])
      index += 1
    }
    let start = lines[0]
    let prefix = Array("HTTP/1.1 ".utf8)
    guard start.starts(with: prefix), start.count >= 13, start[12] == 0x20,
      let status = Int(String(decoding: start[9..<12], as: UTF8.self)), (100...599).contains(status)
    else { throw RawHTTPClientError.malformed("the status line: \(String(decoding: start, as: UTF8.self))") }
    let fields = try lines.dropFirst().map { line in
      guard let colon = line.firstIndex(of: 0x3A), colon > 0, colon + 1 < line.count, line[colon + 1] == 0x20 else {
        throw RawHTTPClientError.malformed("a field: \(String(decoding: line, as: UTF8.self))")
      }
      return (
        name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
        value: String(decoding: line[(colon + 2)...], as: UTF8.self)
      )
    }
    return (status, fields)
  }
}
