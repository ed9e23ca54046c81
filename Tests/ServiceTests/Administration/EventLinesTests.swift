import Testing

@testable import Administration

@Suite struct EventLinesTests {
  private let stream = Array(
    "id: 16\n\n:\n\nid: 17\nevent: session.closed\ndata: {\"a\":1}\n\nid: 18\r\ndata: x\r\ndata: y\r\n\r\n:\n\n".utf8)

  @Test("events are read however their bytes are cut", arguments: 1...20)
  func pieces(size: Int) throws {
    var lines = EventLines()
    var entries: [EventLines.Entry] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      let whole = lines.take(Array(stream[start..<min(stream.count, start + size)]))
      entries += try #require(whole)
    }
    #expect(
      entries == [
        .init(id: "16", data: nil), .init(id: "17", data: Array("{\"a\":1}".utf8)),
        .init(id: "18", data: Array("x\ny".utf8)),
      ])
  }

  @Test("a line without an end is given up, not kept")
  func endless() {
    var lines = EventLines()
    let piece = [UInt8](repeating: 0x61, count: EventLines.longestLine)
    #expect(lines.take(piece) != nil)
    #expect(lines.take(piece) == nil)
  }

  @Test("data without its empty line is no event yet")
  func unfinished() {
    var lines = EventLines()
    #expect(lines.take(Array("id: 1\ndata: x\n".utf8))?.isEmpty == true)
    #expect(lines.take(Array("\n".utf8))?.count == 1)
  }
}
