/// What the command line asks for.
struct Options: Sendable {
  /// The benchmarks, by a name or a word; all of them if none is named.
  var only: [String] = []
  var scale = Scale()
  var seconds = 1.0
  /// The file for the figures.
  var json: String?
  /// Whether Callgrind counts instructions where the kernel does not.
  var usesCallgrind = false
  /// So many operations of each, once, and no table: for profilers.
  var operations: Int?
  var listsNames = false
  var showsHelp = false

  static let help = """
    swift run -c release --package-path Benchmarks SessionBenchmarks [OPTION...]

      --only NAME        a benchmark's name, or a word of one, as in "open", "sqlite" or "open.sqlite"; may come often
      --seconds N        how long each is measured; 1
      --sessions N       how many sessions are open meanwhile; 10000
      --disk FOLDER      where files are made; /dev/shm, which has no fsync to wait for
      --callgrind        count instructions with Valgrind where the kernel has no counter for us
      --json FILE        writes the figures as JSON, too
      --operations N     does N of each, once, and measures nothing: for perf and callgrind
      --list             names the benchmarks
    """

  /// Reads the arguments; throws ``Unexpected`` with a sentence for whoever typed them.
  init(_ arguments: some Sequence<String>) throws {
    var rest = Array(arguments)[...]
    func value(of option: String) throws -> String {
      guard let value = rest.popFirst() else { throw Unexpected("\(option) needs a value.") }
      return value
    }
    func number(of option: String) throws -> Int {
      let text = try value(of: option)
      guard let number = Int(text), (1...100_000_000).contains(number) else {
        throw Unexpected("\(option) needs a whole number from 1 to 100000000, not \"\(text)\".")
      }
      return number
    }
    while let option = rest.popFirst() {
      switch option {
      case "--only": only.append(try value(of: option))
      case "--sessions": scale.sessions = try number(of: option)
      case "--disk": scale.folder = try value(of: option)
      case "--json": json = try value(of: option)
      case "--operations": operations = try number(of: option)
      case "--callgrind": usesCallgrind = true
      case "--list": listsNames = true
      case "--help", "-h": showsHelp = true
      case "--seconds":
        let text = try value(of: option)
        guard let seconds = Double(text), seconds > 0, seconds <= 3600 else {
          throw Unexpected("--seconds needs a number above 0, at most 3600, not \"\(text)\".")
        }
        self.seconds = seconds
      default: throw Unexpected("There is no option \"\(option)\".\n\n\(Self.help)")
      }
    }
  }

  /// The benchmarks that are asked for, those of one subject together.
  ///
  /// Throws ``Unexpected``, with the names that there are, for one that there is not.
  func chosen(of subjects: [[Benchmark]]) throws -> [[Benchmark]] {
    let all = subjects.joined()
    for choice in only where !all.contains(where: { $0.isMeant(by: choice) }) {
      let names = all.map { "  \($0.name)" }.joined(separator: "\n")
      throw Unexpected("There is no benchmark \"\(choice)\". A name, or a word of one, of these:\n\(names)")
    }
    guard !only.isEmpty else { return subjects }
    return subjects.map { $0.filter { benchmark in only.contains { benchmark.isMeant(by: $0) } } }.filter {
      !$0.isEmpty
    }
  }
}
