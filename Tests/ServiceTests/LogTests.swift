import Dispatch
import JSON
import Log
import SessionCore
import Synchronization
import Testing

@Suite struct LogTests {
  /// Keeps what it is given.
  private final class MemorySink: LogSink {
    private let bytes = Mutex<[UInt8]>([])
    func write(_ lines: [UInt8]) { bytes.withLock { $0 += lines } }
    var lines: [String] {
      let bytes = bytes.withLock { $0 }
      #expect(bytes.isEmpty || bytes.last == 0x0A)
      return bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private let sink = MemorySink()

  private func log(_ level: Log.Level = .info) -> Log {
    Log(level: level, sink: sink) { Timestamp(milliseconds: 1_767_323_045_678) }
  }

  @Test("a line has its time, level and event first, then its members in order")
  func line() {
    let log = log()
    log.info(
      "server.ready", ["host": "127.0.0.1", "port": 8080, "share": .double(0.5), "tls": false, "text": "a \(1) b"])
    log.flush()
    #expect(
      sink.lines == [
        "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"info\",\"event\":\"server.ready\",\"host\":\"127.0.0.1\","
          + "\"port\":8080,\"share\":0.5,\"tls\":false,\"text\":\"a 1 b\"}"
      ])
  }

  @Test("what is absent is left out")
  func absent() throws {
    let log = log()
    log.notice("a", ["b": .absent, "c": .optional(nil), "d": .optional("e"), "f": .integer(UInt64.max)])
    log.flush()
    let line = try JSONDocument(parsing: Array((sink.lines.first ?? "").utf8)).root
    #expect(line.members.map(\.name) == ["time", "level", "event", "d", "f"])
    #expect(line["f"]?.integer == .max)
  }

  @Test("lines below the level are neither written nor made", arguments: Log.Level.allCases)
  func levels(level: Log.Level) {
    let log = log(level)
    let made = Mutex(0)
    func members() -> Log.Members {
      made.withLock { $0 += 1 }
      return [:]
    }
    log.debug("a", members())
    log.info("a", members())
    log.notice("a", members())
    log.warning("a", members())
    log.error("a", members())
    log.flush()
    let expected = Log.Level.allCases.count { $0 >= level }
    #expect(sink.lines.count == expected)
    #expect(made.withLock { $0 } == expected)
    #expect(log.writes(level))
  }

  @Test(
    "nothing a client sends can forge a line or reach a terminal",
    arguments: [
      "a\nb", "a\r\nb", "a\rb", "a\u{2028}b", "a\u{2029}b", "\u{1B}[2J", "a\0b", "\u{7F}", "\u{85}", "\u{9B}31m",
      "\"},\n{\"event\":\"forged\"",
      "\\", "\u{0B}\u{0C}", String(repeating: "\n", count: 10_000), String(repeating: "é", count: 10_000),
    ])
  func forging(text: String) throws {
    let log = log()
    log.info("login.refused", ["name": .string(text)])
    log.info("login.refused", ["name": .utf8(Array(text.utf8))])
    log.flush()
    #expect(sink.lines.count == 2)
    for line in sink.lines {
      let bytes = Array(line.utf8)
      #expect(!bytes.contains { $0 < 0x20 || $0 == 0x7F })
      #expect(
        !line.unicodeScalars.contains { (0x80...0x9F).contains($0.value) || (0x2028...0x2029).contains($0.value) })
      let value = try JSONDocument(parsing: bytes).root
      #expect(value["event"]?.string == "login.refused")
      #expect(value.count == 4)
      let name = try #require(value["name"]?.utf8String)
      if text.utf8.count <= 4096 { #expect(name == Array(text.utf8)) }
      #expect(name.count <= 4100)
    }
  }

  @Test("a cut text ends in a whole character and an ellipsis", arguments: ["a", "é", "€", "😀"])
  func cutting(character: String) throws {
    let log = log()
    for offset in 0..<4 {
      log.info(
        "a", ["text": .string(String(repeating: "-", count: offset) + String(repeating: character, count: 5000))])
    }
    log.info("a", ["text": .utf8([UInt8](repeating: 0x80, count: 5000))])
    log.flush()
    for line in sink.lines.prefix(4) {
      let text = try #require(try JSONDocument(parsing: Array(line.utf8)).root["text"]?.string)
      #expect(text.hasSuffix(character + "…"))
      #expect(text.utf8.count <= 4096 + 3)
    }
    #expect(sink.lines.count == 5)
  }

  @Test("bytes that are not UTF-8 are repaired")
  func brokenBytes() throws {
    let log = log()
    log.info("a", ["agent": .utf8([0x61, 0xFF, 0x0A])])
    log.flush()
    #expect(try JSONDocument(parsing: Array((sink.lines.first ?? "").utf8)).root["agent"]?.string == "a\u{FFFD}\n")
  }

  @Test("lines of many writers do not interleave, and each writer's keep their order")
  func manyWriters() throws {
    let log = log()
    DispatchQueue.concurrentPerform(iterations: 8) { writer in
      for number in 0..<200 { log.info("a", ["writer": .integer(writer), "number": .integer(number)]) }
    }
    log.flush()
    var next = [Int64](repeating: 0, count: 8)
    for line in sink.lines {
      let value = try JSONDocument(parsing: Array(line.utf8)).root
      let writer = try #require(value["writer"]?.integer)
      #expect(value["number"]?.integer == next[Int(writer)])
      next[Int(writer)] += 1
    }
    #expect(next == [Int64](repeating: 200, count: 8))
  }

  /// Waits within its first call until it is let go.
  private final class StuckSink: LogSink {
    let memory = MemorySink()
    let entered = DispatchSemaphore(value: 0)
    let release = DispatchSemaphore(value: 0)
    private let isFirst = Mutex(true)
    func write(_ lines: [UInt8]) {
      let mustWait = isFirst.withLock { first in
        defer { first = false }
        return first
      }
      if mustWait {
        entered.signal()
        release.wait()
      }
      memory.write(lines)
    }
  }

  @Test("a sink that is stuck holds nobody up, and dropped lines are counted and told")
  func dropping() throws {
    let sink = StuckSink()
    let log = Log(sink: sink, capacity: 1000) { Timestamp(milliseconds: 0) }
    log.info("first")
    sink.entered.wait()
    for _ in 0..<100 { log.info("next") }
    sink.release.signal()
    log.flush()
    let lines = sink.memory.lines
    let kept = lines.count { $0.contains("\"event\":\"next\"") }
    #expect(kept > 0)
    #expect(kept < 100)
    let told = try #require(lines.last)
    #expect(
      told
        == "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"warning\",\"event\":\"log.dropped\","
        + "\"lines\":\(100 - kept)}"
    )
    log.info("after")
    log.flush()
    #expect(sink.memory.lines.last?.contains("after") == true)
  }

  @Test("levels are ordered by their gravity, and named as in the settings")
  func order() {
    #expect(Log.Level.allCases.sorted() == [.debug, .info, .notice, .warning, .error])
    #expect(Log.Level(rawValue: "notice") == .notice)
  }
}
