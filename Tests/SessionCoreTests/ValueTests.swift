import SessionCore
import Testing

@Suite struct ValueTests {
  @Test(
    "times are read as RFC 3339 writes them",
    arguments: [
      ("1970-01-01T00:00:00Z", 0),
      ("1970-01-01t00:00:00.001z", 1),
      ("2026-01-02T03:04:05.678Z", 1_767_323_045_678),
      ("2026-01-02T03:04:05.6789999Z", 1_767_323_045_678),
      ("2026-01-02T04:04:05.6+01:00", 1_767_323_045_600),
      ("2026-01-01T22:34:05-04:30", 1_767_323_045_000),
      ("2024-02-29T00:00:00Z", 1_709_164_800_000),
      ("2016-12-31T23:59:60Z", 1_483_228_800_000),
      ("1969-12-31T23:59:59.999Z", -1),
      ("0001-01-01T00:00:00Z", -62_135_596_800_000),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func readTimes(text: String, milliseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(
    "what is not a time of RFC 3339 is refused",
    arguments: [
      "", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-13-02T03:04:05Z", "2026-02-29T03:04:05Z",
      "2026-01-00T03:04:05Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04:61Z",
      "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+0100", "+026-01-02T03:04:05Z",
      "2026-1-2T03:04:05Z", "2026-01-02T03:04:05Z ", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00",
      "9999-12-31T23:59:59-01:00", "２026-01-02T03:04:05Z", "1900-02-29T00:00:00Z", "99999-01-01T00:00:00Z",
    ])
  func refuseTimes(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test("a written time reads back the same, over the whole range")
  func timeRoundTrip() {
    var milliseconds = Timestamp.earliest.milliseconds
    while milliseconds < Timestamp.latest.milliseconds {
      let time = Timestamp(milliseconds: milliseconds)
      #expect(time.rfc3339.count == Timestamp.rfc3339Length)
      #expect(Timestamp(rfc3339: time.rfc3339) == time)
      milliseconds += 3_155_695_199_123
    }
    #expect(String(decoding: Timestamp(milliseconds: -1).rfc3339, as: UTF8.self) == "1969-12-31T23:59:59.999Z")
  }

  @Test("time arithmetic saturates at both ends")
  func saturation() {
    #expect(Timestamp.latest + TimeSpan(milliseconds: .max) == .latest)
    #expect(Timestamp.earliest - TimeSpan(milliseconds: .max) == .earliest)
    #expect(TimeSpan.days(.max).milliseconds == .max)
    #expect(TimeSpan.days(-1) == .zero)
    #expect(Timestamp(milliseconds: .min) == .earliest)
  }

  @Test("ids read back what they wrote, in order")
  func ids() {
    let ids = [
      SessionID(high: 0, low: 0), SessionID(high: 0, low: .max), SessionID(high: 1, low: 0),
      SessionID(high: .max, low: .max),
    ]
    for id in ids {
      #expect(id.text.count == SessionID.textLength)
      #expect(SessionID(id.description) == id)
    }
    #expect(ids == ids.sorted() && ids.map(\.description) == ids.map(\.description).sorted())
  }

  @Test(
    "one text per id",
    arguments: [
      "", "0", "0000000000000000000000000", "000000000000000000000000000", "80000000000000000000000000",
      "0000000000000000000000000i", "0000000000000000000000000l", "0000000000000000000000000o",
      "0000000000000000000000000u", "0000000000000000000000000A", "0000000000000000000000000-",
      "０000000000000000000000000",
    ])
  func refuseIDs(text: String) {
    #expect(SessionID(text) == nil)
  }

  @Test("text that looks the same is not the same")
  func exactText() {
    let composed = ExactText("\u{E9}")
    let decomposed = ExactText("e\u{301}")
    #expect(composed.string == decomposed.string)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }
}
