import Commands
import SessionCore
import Testing

@testable import Administration

@Suite struct TimeTextTests {
  private let now = Timestamp(rfc3339: "2026-01-31T08:00:00Z") ?? .earliest

  @Test(
    "a time is given by RFC 3339, or as how long ago it was",
    arguments: [
      ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"), ("2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05.000Z"),
      ("2h", "2026-01-31T06:00:00.000Z"), ("7d", "2026-01-24T08:00:00.000Z"),
      ("9000y", "0001-01-01T00:00:00.000Z"),
    ])
  func read(text: String, time: String) throws {
    #expect(try TimeText.read(text, for: "--from", now: now) == time)
  }

  @Test("anything else is wrong use", arguments: ["", "yesterday", "-2h", "2026-13-01T00:00:00Z", "2026-01-01"])
  func refused(text: String) {
    let error = #expect(throws: CommandError.self) { try TimeText.read(text, for: "--from", now: now) }
    #expect(error?.code == .wrongUse && error?.description.contains("--from") == true)
  }

  @Test("spans are whole seconds, of one at least")
  func seconds() throws {
    #expect(try TimeText.seconds("30min", for: "--lifetime") == 1800)
    #expect(throws: CommandError.self) { try TimeText.seconds("0", for: "--lifetime") }
    #expect(throws: CommandError.self) { try TimeText.seconds("5ms", for: "--lifetime") }
  }

  @Test("distances are in the largest unit that says enough")
  func distances() {
    #expect(TimeText.distance(now - .seconds(5), from: now) == "5 s ago")
    #expect(TimeText.distance(now + .seconds(7200), from: now) == "in 2 h")
    #expect(TimeText.distance(now - .seconds(86_400 * 3), from: now) == "3 d ago")
    #expect(TimeText.distance(now, from: now) == "now")
    #expect(TimeText.distance(.latest, from: .earliest) != "")
  }
}
