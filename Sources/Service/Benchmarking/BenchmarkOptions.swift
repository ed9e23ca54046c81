public import Commands

/// What `sesame benchmark` is asked to do.
public struct BenchmarkOptions: Sendable, Equatable {
  /// What is measured.
  ///
  /// Default: all that can be.
  public var measurements = Measurement.allCases
  /// Whether data sets are made and nothing is measured.
  public var makesSetsOnly = false
  /// How often each load is measured, alternating with the control.
  ///
  /// Default: 3.
  public var rounds = 3
  /// How long each load lasts.
  ///
  /// Default: 4.
  public var seconds = 4
  /// The sizes of the data sets, rising.
  ///
  /// Default: 10,000 alone.
  public var sessions = [10_000]
  /// With how many connections verifying is measured; all else is with 64.
  ///
  /// Default: 64 alone.
  public var connections = [64]
  /// The address of a server that runs already, instead of one that is started.
  public var address: String?
  /// The service key for that server.
  public var key: String?
  /// Where all figures are written as JSON.
  public var report: String?
  /// Where the data lie while it runs.
  ///
  /// Default: the working folder.
  public var disk = "."
  /// Where data sets stay for the next run; `nil` if they need not.
  public var keep: String?

  /// The defaults.
  public init() {}

  /// Reads what was given on a command line.
  ///
  /// - Parameter given: The options, of those that are ``declared``.
  /// - Throws: ``BenchmarkError/Code/wrongUse`` for a value that is none, with what there is instead.
  public init(_ given: GivenOptions) throws(BenchmarkError) {
    for option in given.all {
      guard !option.value.isEmpty else { throw BenchmarkError(.wrongUse, "\(option.name) needs a value.") }
      try read(option.name, option.value)
    }
    try check()
  }

  /// The options of `sesame benchmark`.
  public static let declared = [
    CommandOption(
      "--only", "NAMES", "What is measured, P1 to P12 with commas, or \"sets\": data sets alone. Default: all."),
    CommandOption("--rounds", "N", "How often each load is measured, beside the control. Default: 3."),
    CommandOption("--seconds", "N", "How long each load lasts. Default: 4."),
    CommandOption("--sessions", "N,...", "The sizes of the data sets. Default: 10000."),
    CommandOption("--connections", "N,...", "How many connections verify. Default: 64."),
    CommandOption("--url", "URL", "Measures the server there (P1 and P3 to P6), instead of starting one."),
    CommandOption("--key", "KEY", "The service key for it."),
    CommandOption("--json", "FILE", .file, "Writes every round's figures to FILE."),
    CommandOption("--disk", "FOLDER", .folder, "Where data lie meanwhile. Default: the working folder."),
    CommandOption("--keep", "FOLDER", .folder, "Where data sets stay for the next run. Default: they are removed."),
  ]

  private mutating func read(_ flag: String, _ value: String) throws(BenchmarkError) {
    switch flag {
    case "--only" where value == "sets": makesSetsOnly = true
    case "--only": measurements = try Self.measurements(value)
    case "--rounds": rounds = try Self.number(value, in: 1...100, flag)
    case "--seconds": seconds = try Self.number(value, in: 1...600, flag)
    case "--sessions": sessions = try Self.numbers(value, in: 1000...100_000_000, flag)
    case "--connections": connections = try Self.numbers(value, in: 1...10_000, flag)
    case "--url": address = value
    case "--key": key = value
    case "--json": report = value
    case "--disk": disk = value
    default: keep = value
    }
  }

  private mutating func check() throws(BenchmarkError) {
    if key != nil, address == nil { throw BenchmarkError(.wrongUse, "--key is for a server that --url names.") }
    if makesSetsOnly, keep == nil { throw BenchmarkError(.wrongUse, "--only sets needs --keep FOLDER for them.") }
    guard let address else { return }
    guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
      throw BenchmarkError(.wrongUse, "--url takes an address such as http://127.0.0.1:8080.")
    }
    if measurements == Measurement.allCases { measurements = measurements.filter(\.worksRemotely) }
    if let first = measurements.first(where: { !$0.worksRemotely }) {
      throw BenchmarkError(.wrongUse, "\(first.rawValue) is measured on a server of its own, not on that of --url.")
    }
  }

  private static func measurements(_ text: String) throws(BenchmarkError) -> [Measurement] {
    var found: Set<Measurement> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let measurement = Measurement(rawValue: String(name)) else {
        let known = Measurement.allCases.map(\.rawValue).joined(separator: ", ")
        throw BenchmarkError(
          .wrongUse, "--only takes \(known) with commas between, or sets; not \(String(name).debugDescription).")
      }
      found.insert(measurement)
    }
    return found.sorted()
  }

  private static func numbers(
    _ text: String, in range: ClosedRange<Int>, _ flag: String
  ) throws(BenchmarkError) -> [Int] {
    var found: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      found.insert(try number(String(part), in: range, flag))
    }
    return found.sorted()
  }

  /// Digits alone: `Int` would take a sign, too.
  private static func number(
    _ text: String, in range: ClosedRange<Int>, _ flag: String
  ) throws(BenchmarkError) -> Int {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number) else {
      throw BenchmarkError(
        .wrongUse,
        "\(flag) takes a number from \(range.lowerBound) to \(range.upperBound), not \(text.debugDescription).")
    }
    return number
  }
}
