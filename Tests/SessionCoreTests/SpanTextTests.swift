import SessionCore
import Testing

@Suite struct SpanTextTests {
  @Test(
    "spans are read as people write them",
    arguments: [
      ("60", 60_000), ("0", 0), ("1.5", 1500), ("1d", 86_400_000), ("2 days", 172_800_000), ("10h", 36_000_000),
      ("7d", 604_800_000), ("1 DAY", 86_400_000), ("2.5 hrs", 9_000_000), (".5h", 1_800_000), ("100ms", 100),
      ("1 msec", 1), ("5  minutes", 300_000), ("3 w", 1_814_400_000), ("1y", 31_557_600_000), ("0.0001s", 0),
      ("1 Sec", 1000), ("1.00000001d", 86_400_000), ("106751991167d", 9_223_372_036_828_800_000),
    ])
  func right(text: String, milliseconds: Int64) {
    #expect(TimeSpan(text: text)?.milliseconds == milliseconds)
  }

  @Test(
    "whatever is not a span is none",
    arguments: [
      "", " ", "d", "day", "-1d", "+1d", "1dd", "1 d ", " 1d", "1. d", "1.", ".", "..5h", "1.2.3s", "1e3s", "1_000s",
      "1,5h", "0x10", "\u{661}d", "1\u{A0}d", "1\td", "1d\n", "1d\u{0}", "one day", "1 month", "1 fortnight", "60 ",
      "9223372036854775808ms", "9223372036854775808", "99999999999999999999y", "1.123456789s", "NaN", "inf",
      String(repeating: "9", count: 60_000),
    ])
  func wrong(text: String) {
    #expect(TimeSpan(text: text) == nil)
  }
}
