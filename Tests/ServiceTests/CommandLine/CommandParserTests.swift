import Commands
import Testing

@Suite struct CommandParserTests {
  private func refusal(_ words: String...) -> CommandError? {
    do throws(CommandError) {
      _ = try CommandParser(ExampleProgram.program).read(words)
      return nil
    } catch {
      return error
    }
  }

  @Test("options and arguments are read in any order, the value behind a space or an equals sign")
  func order() throws {
    let list = try #require(try ExampleProgram.read("door", "list", "--limit=7", "--state", "open", "--json"))
    #expect(list.path == ["lock", "door", "list"])
    #expect(list.options.integer("--limit") == 7 && list.options.value("--state") == "open")
    #expect(list.options.has("--json") && !list.options.has("--map"))
    let paint = try #require(try ExampleProgram.read("door", "paint", "front", "red"))
    #expect(paint.arguments == ["front", "red"])
  }

  @Test("of an option that comes twice the last one counts, and both are known")
  func twice() throws {
    let list = try #require(try ExampleProgram.read("door", "list", "--limit", "1", "--limit", "2"))
    #expect(list.options.integer("--limit") == 2 && list.options.values("--limit") == ["1", "2"])
  }

  @Test("behind -- everything is an argument, and - alone always is")
  func separator() throws {
    #expect(try ExampleProgram.read("door", "open", "-", "--", "--json", "-x")?.arguments == ["-", "--json", "-x"])
    #expect(try ExampleProgram.read("door", "open", "--", "--help")?.arguments == ["--help"])
  }

  @Test("help is asked for at any place of a command, and of a group")
  func help() throws {
    #expect(try ExampleProgram.read("door", "open", "--help") == nil)
    #expect(try ExampleProgram.read("door", "list", "--limit", "1", "-h") == nil)
    #expect(try ExampleProgram.read("door", "--help") == nil)
  }

  @Test(
    "whatever is not declared is wrong use, in a sentence that says what would be right",
    arguments: [
      (["dor"], "Did you mean \"door\"?"), (["door", "lst"], "Did you mean \"list\"?"),
      (["door", "lst"], "lock help door"), (["--verson"], "Did you mean \"--version\"?"),
      (["door"], "list, open, paint"),
      (["--limit", "1"], "behind"), (["door", "list", "--stat", "open"], "did you mean --state?"),
      (["door", "list", "--state", "opne"], "did you mean open?"),
      (["door", "list", "--state", "ajar"], "open or shut"),
      (["door", "list", "--parts", "hinge,hndle"], "did you mean handle?"),
      (["door", "list", "--limit", "0"], "1 to 100"), (["door", "list", "--limit", "+5"], "1 to 100"),
      (["door", "list", "--limit", "99999999999999999999"], "1 to 100"),
      (["door", "list", "--limit"], "needs a value"),
      (["door", "list", "--json=1"], "takes no value"), (["door", "list", "front"], "no place for \"front\""),
      (["door", "open"], "needs NAME"), (["door", "paint", "front", "blue"], "red or green"),
      (["door", "paint", "front", "red", "twice"], "no place for \"twice\""), (["door", "open", "-x"], "-x"),
      ([""], "There is no command"),
    ])
  func wrongUse(words: [String], part: String) {
    let error = #expect(throws: CommandError.self) { try CommandParser(ExampleProgram.program).read(words) }
    #expect(error?.code == .wrongUse && error?.exitStatus == 2)
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("a hidden command can be called, and is never suggested")
  func hidden() throws {
    #expect(try ExampleProgram.read("secret")?.path == ["lock", "secret"])
    #expect(refusal("secrt")?.description.contains("secret\"") == false)
  }

  @Test(
    "control characters of a word do not reach the terminal", arguments: ["\u{1B}[2J", "a\u{202E}b", "a\nb", "\u{9B}m"])
  func controlCharacters(word: String) {
    for error in [refusal(word), refusal("door", "list", "--\(word)"), refusal("door", "list", "--state", word)] {
      let scalars = error?.description.unicodeScalars
      #expect(scalars?.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E } == false)
    }
  }
}
