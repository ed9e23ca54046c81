import Terminal
import Testing

@Suite struct TextTableTests {
  private let plain = TextStyle(isOn: false)

  private func table() -> TextTable {
    var table = TextTable([
      .init("ID"), .init("NAME", narrowest: 6), .init("NOTE", narrowest: 4, dispensability: 1),
      .init("COUNT", isTrailing: true, dispensability: 2),
    ])
    table.append(["a1", "Ada Lovelace", "first of all", "7"])
    table.append(["b22", "山田太郎", "x\u{1B}[31m", "1000"])
    return table
  }

  @Test("without a terminal nothing is cut, and columns stand below each other")
  func wide() {
    #expect(
      table().lines(width: nil, style: plain) == [
        "ID   NAME          NOTE          COUNT",
        "a1   Ada Lovelace  first of all      7",
        "b22  山田太郎      x\\e[31m        1000",
      ])
  }

  @Test("in a narrow terminal the widest column gives way first, and then columns go", arguments: 11...40)
  func narrow(columns: Int) {
    let lines = table().lines(width: columns, style: plain)
    #expect(lines.allSatisfy { TerminalText.width(of: $0) <= columns }, "\(lines)")
    #expect(lines[0].hasPrefix("ID   NAME"))
  }

  @Test("what can be done without goes in its order")
  func order() {
    #expect(!table().lines(width: 20, style: plain)[0].contains("COUNT"))
    #expect(table().lines(width: 20, style: plain)[0].contains("NOTE"))
    #expect(!table().lines(width: 12, style: plain)[0].contains("NOTE"))
  }

  @Test("columns that say nothing are left out, and lines have no spaces at their end")
  func empty() {
    var table = TextTable([.init("ID"), .init("NOTE", dispensability: 1), .init("NAME")])
    table.append(["1", "", ""])
    #expect(table.lines(width: nil, style: plain) == ["ID  NAME", "1"])
  }

  @Test("what must stay stays, even if the terminal is too narrow for it")
  func tooNarrow() {
    #expect(table().lines(width: 1, style: plain)[0] == "ID   NAME")
  }

  @Test("colours are sent only where they are wanted")
  func colours() {
    #expect(table().lines(width: nil, style: TextStyle(isOn: true))[0].hasPrefix("\u{1B}[1m"))
    #expect(table().lines(width: nil, style: plain).allSatisfy { !$0.contains("\u{1B}") })
  }
}
