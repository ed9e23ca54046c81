/// Reads one chunk of a body, and refuses what RFC 9112 section 7.1 doesn't allow, extensions and trailers too.
enum ChunkReader {
  /// Reads until the chunk is whole, and returns its content: nothing if it is the last one.
  ///
  /// `next` gives more bytes, none at the end; `keep` takes those that came after the chunk.
  static func read(next: () throws -> [UInt8], keep: ([UInt8]) -> Void) throws -> [UInt8] {
    var bytes: [UInt8] = []
    func fill(_ count: Int) throws {
      while bytes.count < count {
        let piece = try next()
        guard !piece.isEmpty else { throw RawHTTPClientError.closed(after: bytes) }
        bytes += piece
      }
    }
    var lineEnd = 0
    while true {
      try fill(lineEnd + 2)
      if bytes[lineEnd] == 13 { break }
      lineEnd += 1
    }
    let digits = bytes[..<lineEnd]
    guard bytes[lineEnd + 1] == 10, (1...8).contains(digits.count), digits.allSatisfy(isHexadecimal),
      let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw RawHTTPClientError.malformed("the size of a chunk") }
    let start = lineEnd + 2
    try fill(start + size + 2)
    guard bytes[start + size] == 13, bytes[start + size + 1] == 10 else {
      throw RawHTTPClientError.malformed("the end of a chunk")
    }
    keep(Array(bytes[(start + size + 2)...]))
    return Array(bytes[start..<(start + size)])
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
