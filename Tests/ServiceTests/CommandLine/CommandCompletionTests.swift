import Commands
import Testing

@Suite struct CommandCompletionTests {
  private func words(_ line: String...) -> [String] {
    CommandCompletion(line, of: ExampleProgram.program).candidates.map(\.word)
  }

  @Test("commands are offered with what they do, those for programs are not")
  func commands() {
    #expect(words("") == ["door", "help", "--version"])
    #expect(words("d") == ["door"])
    #expect(words("door", "") == ["list", "open", "paint"])
    #expect(CommandCompletion(["door", "li"], of: ExampleProgram.program).lines == ["list\tLists doors."])
    #expect(words("nothing", "") == [])
  }

  @Test("options are offered behind a dash, and their values behind them")
  func options() {
    #expect(words("door", "list", "--") == ["--state", "--parts", "--limit", "--map", "--json", "--help"])
    #expect(words("door", "list", "--st") == ["--state"])
    #expect(words("door", "list", "--state", "") == ["open", "shut"])
    #expect(words("door", "list", "--state", "s") == ["shut"])
    #expect(words("door", "list", "--limit", "") == [])
    #expect(words("door", "list", "") == [])
  }

  @Test("a value behind an equals sign is offered as the shell has it: whole, or as a word of its own")
  func equalsSign() {
    #expect(words("door", "list", "--state=s") == ["--state=shut"])
    #expect(words("door", "list", "--state", "=", "s") == ["shut"])
    #expect(words("door", "list", "--state", "=") == ["open", "shut"])
    #expect(words("door", "list", "--state", "=", "open", "--m") == ["--map"])
  }

  @Test("of a list with commas the words that are not there yet are offered")
  func lists() {
    #expect(words("door", "list", "--parts", "hinge,") == ["hinge,handle", "hinge,lock"])
    #expect(words("door", "list", "--parts", "hinge,h") == ["hinge,handle"])
  }

  @Test("arguments are offered by their place, commands behind help, and paths where paths are meant")
  func arguments() {
    #expect(words("door", "paint", "front", "") == ["red", "green"])
    #expect(words("door", "paint", "front", "red", "") == [])
    #expect(words("help", "do") == ["door"])
    #expect(words("help", "door", "") == ["list", "open", "paint"])
    #expect(CommandCompletion(["door", "list", "--map", ""], of: ExampleProgram.program).lines == [":files"])
    #expect(words("door", "open", "--", "--") == [])
  }
}
