import Commands
import Testing

@Suite struct CommandHelpTests {
  private func help(_ words: [String], width: Int = 100) throws -> String {
    CommandHelp(try CommandParser(ExampleProgram.program).path(to: words), width: width).text
  }

  @Test("the overview lists commands with what they do, but for those that are for programs")
  func overview() throws {
    let text = try help([])
    #expect(text.hasPrefix("Usage: lock COMMAND"))
    #expect(text.contains("  door") && text.contains("Does things to doors.") && text.contains("  --version"))
    #expect(!text.contains("secret"))
    #expect(text.contains("One paragraph in two lines.\n\nAnother"))
  }

  @Test("a command's help has its usage, every option with its values, and its examples")
  func command() throws {
    let text = try help(["door", "list"])
    #expect(text.hasPrefix("Usage: lock door list [OPTIONS]\n"))
    for part in ["--state STATE", "One of: open, shut.", "--limit N", "1 to 100.", "--json", "lock door list --state"] {
      #expect(text.contains(part))
    }
    #expect(try help(["door", "paint"]).hasPrefix("Usage: lock door paint NAME [COLOUR]\n"))
    #expect(try help(["door", "open"]).hasPrefix("Usage: lock door open NAME...\n"))
  }

  @Test("no line is wider than the terminal", arguments: [40, 60, 100])
  func width(columns: Int) throws {
    for words in [[], ["door"], ["door", "list"]] {
      let lines = try help(words, width: columns).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= columns }, "\(words)")
    }
  }

  @Test("the manual page has all commands and options, and hyphens and marks that stay what they are")
  func manual() {
    let page = ManualPage(
      ExampleProgram.program, version: "1.2", chapters: [.init("FILES", [("a-b", ".hidden \\ \"quoted\"")])])
    let lines = page.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == ".TH LOCK 1 \"\" \"lock 1.2\" \"User Commands\"")
    #expect(page.text.contains(".SS \"lock door list [OPTIONS]\""))
    #expect(page.text.contains(".B \\-\\-state STATE"))
    #expect(page.text.contains("\\&.hidden \\e \\(dqquoted\\(dq"))
    #expect(!page.text.contains("secret") && page.text.hasSuffix("\n"))
  }
}
