import Foundation
import Testing

@testable import Moving

@Suite("Undoing compression") struct InflationTests {
  /// Made by zlib: Python's zlib.compress at level 9 of texts that need each kind of block.
  static let streams: [(stream: String, text: [UInt8])] = [
    ("eNoDAAAAAAE=", []), ("eNpLBAAAYgBi", Array("a".utf8)),
    ("eNpLTEpOSU1Lz8jMyk4cbkwA0HNXqQ==", Array(String(repeating: "abcdefghijk", count: 20).utf8)),
    ("eAEBBQD6/2hlbGxvBiwCFQ==", Array("hello".utf8)),
  ]

  @Test("a stream gives its text")
  func texts() throws {
    for (stream, text) in Self.streams {
      let bytes = try #require(Data(base64Encoded: stream))
      #expect(Inflation.zlib(Array(bytes), limit: 1000) == text)
    }
  }

  @Test("a stream that would become too long, or is cut off or changed anywhere, gives nothing and never traps")
  func damaged() throws {
    let stream = Array(try #require(Data(base64Encoded: Self.streams[3].stream)))
    #expect(Inflation.zlib(stream, limit: 4) == nil)
    for count in 0..<stream.count { #expect(Inflation.zlib(Array(stream[..<count]), limit: 1000) == nil) }
    for place in stream.indices {
      for bit in 0..<8 {
        var other = stream
        other[place] ^= 1 << UInt8(bit)
        // What changes only the header's say of how hard it was tried gives the text.
        if let text = Inflation.zlib(other, limit: 1000) { #expect(text == Self.streams[3].text) }
      }
    }
    #expect(Inflation.zlib([], limit: 10) == nil)
  }
}
