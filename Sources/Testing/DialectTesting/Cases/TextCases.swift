extension DialectCase {
  /// Texts that are code in some language, or trip over some parser.
  static let hostile = [
    "'; DROP TABLE sessions; --", "\" OR \"\"=\"", "\\' OR 1=1 --", "%' ESCAPE '!", "*) EVAL \"return 1\" 0",
    "{\"$ne\":null}", "{\"$where\":\"sleep(1000)\"}", "$gt", "{{7*7}}", "${jndi:ldap://x}", "{}", "[]}{", "a\u{0}b",
    "\u{0}", "a\r\nSet-Cookie: b=c", "\r\n\r\nHTTP/1.1 200 OK", "\n", "\t", "%00", "%0d%0a", "..%2f..%2f", "<script>",
    "\u{2028}\u{2029}", "\u{202E}abc", "\u{FEFF}", "e\u{301}", "\u{E9}", "\u{1F468}\u{200D}\u{1F469}", "\\u0000",
    "\u{7F}\u{1B}[2J", "null", "undefined", "NaN", "now()", "\\\\ 1 = 1", " leading", "trailing ", "",
    String(repeating: "x", count: 256), String(repeating: "\u{1F600}", count: 300),
    String(repeating: "x", count: 65_536),
  ]

  /// Texts: whatever they hold.
  static let textCases = [
    DialectCase("each text comes back byte for byte, or is refused") { probe in
      for echo in probe.dialect.echoes {
        for text in hostile {
          guard let back = try await echo.send(probe.client, text) else { continue }
          try probe.expect(
            back.utf8.elementsEqual(text.utf8),
            "\(echo.name) to come back as it was: \(text.prefix(40).debugDescription)",
            found: back.prefix(80).debugDescription)
        }
      }
    },
    DialectCase("ordinary texts in any language are taken, and come back") { probe in
      for echo in probe.dialect.echoes {
        for text in ["Ana", "O'Neil", "María José", "李小龙", "a_b%c", "x-1"] {
          let back = try await echo.send(probe.client, text)
          try probe.expect(
            back.map { $0.utf8.elementsEqual(text.utf8) } == true, "\(echo.name) to take \(text)",
            found: back ?? "a refusal")
        }
      }
    },
  ]
}
