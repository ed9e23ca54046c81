import Terminal
import Testing

@Suite struct TerminalTextTests {
  @Test(
    "what could move the cursor, change colours or turn the direction is shown, not sent",
    arguments: [
      ("a\u{1B}[31mb", "a\\e[31mb"), ("a\r\nb\tc", "a\\r\\nb\\tc"), ("\u{0}\u{7}\u{7F}", "\\u{0}\\u{7}\\u{7f}"),
      ("\u{9B}31m", "\\u{9b}31m"), ("a\u{202E}b\u{2066}", "a\\u{202e}b\\u{2066}"), ("a\u{2028}b", "a\\u{2028}b"),
      ("\u{E0041}\u{E000}\u{FEFF}", "\\u{e0041}\\u{e000}\\u{feff}"),
    ])
  func escaped(text: String, shown: String) {
    #expect(TerminalText.escaped(text) == shown)
  }

  @Test(
    "letters, marks, joiners and emoji stay as they are",
    arguments: ["Zoë", "山田", "שלום", "नमस्ते", "👩‍👩‍👧", "e\u{301}", "می‌خواهم"])
  func kept(text: String) {
    #expect(TerminalText.escaped(text) == text)
  }

  @Test("JSON means the same after escaping")
  func json() {
    #expect(TerminalText.escapedJSON("{\"a\":\"\u{9B}x\u{202E}\u{E0041}ë\"}") == #"{"a":"\u009bx\u202e\udb40\udc41ë"}"#)
  }

  @Test(
    "widths are those of terminals",
    arguments: [
      ("abc", 3), ("Zoë", 3), ("e\u{301}", 1), ("山田", 4), ("한국", 4), ("ﾊﾝ", 2), ("Ａ", 2), ("👍", 2), ("👩‍👩‍👧", 2),
      ("☂\u{FE0F}", 2),
      ("☂", 1), ("…", 1), ("", 0), ("🇪🇸", 2),
    ])
  func width(text: String, columns: Int) {
    #expect(TerminalText.width(of: text) == columns)
  }

  @Test("a text is cut at a whole character, and never wider than asked")
  func cut() {
    #expect(TerminalText.cut("abcdef", to: 6) == "abcdef")
    #expect(TerminalText.cut("abcdef", to: 5) == "abcd…")
    #expect(TerminalText.cut("山田太郎", to: 6) == "山田…")
    #expect(TerminalText.cut("山田太郎", to: 1) == "…")
    #expect(TerminalText.cut("山", to: 0) == "")
    for columns in 0...12 { #expect(TerminalText.width(of: TerminalText.cut("a山b👩‍👩‍👧c山", to: columns)) <= columns) }
  }
}
