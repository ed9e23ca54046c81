import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite struct ShellCompletionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What bash offers at the end of a line of these words.
    private func bash(_ words: String...) throws -> [String] {
      let script = """
        set -u; compopt() { :; }; source <("$0" completion bash)
        COMP_WORDS=("$0" "$@"); COMP_CWORD=$#
        _sesame; printf '%s\\n' "${COMPREPLY[@]}"
        """
      let run = try ProgramRun("bash", ["-c", script, RunningProgram.executable] + words, in: folder.path)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.complaint)")
      return run.output.filter { !$0.isEmpty }
    }

    @Test("bash completes commands, options, values and files")
    func bashWords() throws {
      #expect(try bash("sess") == ["session"])
      #expect(try bash("session", "").contains("close"))
      #expect(try bash("session", "list", "--stat") == ["--state", "--status"])
      #expect(try bash("session", "list", "--state", "") == ["open", "closed"])
      #expect(try bash("session", "list", "--state", "=", "c") == ["closed"])
      #expect(try bash("help", "account", "le") == ["level"])
      #expect(try bash("key", "create", "x", "--scope", "sessions", ":", "read,sess") == ["read,sessions:write"])
      #expect(try bash("key", "create", "x", "--scope", "sessions", ":") == ["read", "write"])
      try folder.write("", to: "with space.toml")
      #expect(try bash("serve", "--config", "with") == ["with space.toml"])
      #expect(try !bash("").contains("complete"))
    }

    @Test(
      "the script of each shell is one that the shell takes",
      arguments: [("bash", "bash"), ("zsh", "zsh"), ("fish", "fish")])
    func syntax(shell: String, program: String) throws {
      let script = try ProgramRun(sesame: ["completion", shell], in: folder.path)
      #expect(script.status == 0 && !script.output.isEmpty)
      try folder.write(script.output.joined(separator: "\n") + "\n", to: "script")
      guard try ProgramRun("sh", ["-c", "command -v \(program)"], in: folder.path).status == 0 else { return }
      let run = try ProgramRun(program, ["-n", folder.file("script")], in: folder.path)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.complaint)")
    }

    @Test("the manual page is one that man takes without a warning, and names every command")
    func manual() throws {
      let page = try ProgramRun(sesame: ["man"], in: folder.path)
      try folder.write(page.output.joined(separator: "\n") + "\n", to: "sesame.1")
      #expect(page.output.first?.hasPrefix(".TH SESAME 1") == true)
      for part in ["sesame session close", "sesame key rotate\\-ring", "EXIT STATUS", "SESAME_KEY"] {
        #expect(page.output.joined(separator: "\n").contains(part))
      }
      guard try ProgramRun("sh", ["-c", "command -v groff"], in: folder.path).status == 0 else { return }
      let run = try ProgramRun("groff", ["-man", "-ww", "-Tutf8", "-z", folder.file("sesame.1")], in: folder.path)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.complaint)")
    }

    @Test("every command that there is explains itself")
    func everyCommand() throws {
      var groups: [[String]] = [[]]
      var count = 0
      while let path = groups.popLast() {
        for line in try ProgramRun(sesame: ["complete", "--"] + path + [""], in: folder.path).output {
          let word = String(line.prefix { $0 != "\t" })
          let words = path + [word == "--version" ? "version" : word]
          let help = try ProgramRun(sesame: ["help"] + words, in: folder.path)
          #expect(
            help.status == 0 && help.output.first?.hasPrefix("Usage: sesame \(words.joined(separator: " "))") == true)
          count += 1
          if help.output.first?.hasSuffix("COMMAND [OPTIONS]") == true { groups.append(words) }
        }
      }
      #expect(count >= 28)
    }
  }
}
