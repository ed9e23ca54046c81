import Configuration
import Moving

/// What the command line of `sesame export` or `sesame import` asks for.
struct MovingRequest: Sendable, Equatable {
  /// The file that is written or read.
  var file = ""
  /// `--resume`: whether what was interrupted is gone on with.
  var resumes = false
  /// `--all`: whether sessions that have ended are exported, too.
  var includesEnded = false
  /// `--skip-bad`: whether bad lines of sessions are passed over.
  var skipsBad = false
  /// `--json`: whether the result is one JSON object.
  var isForMachines = false
  /// `--from`: whose data the file has; `nil` for an export.
  var origin: ForeignOrigin?
  /// What only some origins take.
  var foreign = ForeignOptions()
  /// The words that are settings.
  var settings: [String] = []

  /// Why a command line is none.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Takes a command line apart; `isImport` says which of the two commands it is.
  init(_ words: [String], isImport: Bool) throws(Failure) {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        guard file.isEmpty else {
          throw Failure(description: "One file at a time: there are \(file) and \(Program.printable(word)).")
        }
        file = word
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      switch parts[0] {
      case "--resume" where parts.count == 1: resumes = true
      case "--all" where parts.count == 1 && !isImport: includesEnded = true
      case "--skip-bad" where parts.count == 1 && isImport: skipsBad = true
      case "--json" where parts.count == 1: isForMachines = true
      case "--from" where isImport, "--secret-file" where isImport, "--user-member" where isImport,
        "--prefix" where isImport:
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
          throw Failure(description: "\(parts[0]) needs a value behind it.")
        }
        try take(value, of: parts[0])
      case "--no-migrate": settings.append(word)
      default:
        settings.append(word)
        // The flags of settings all take a value.
        if parts.count == 1, let value = rest.popFirst() { settings.append(value) }
      }
    }
    if file.isEmpty {
      let command = isImport ? "import" : "export"
      throw Failure(description: "Name the file: sesame \(command) FILE. See: sesame help \(command)")
    }
  }

  /// The file for a person's eyes: of an address that may have a password only the host.
  var shownFile: String {
    guard origin == .connectRedis else { return file }
    return (try? StoreAddress(file, data: ""))?.shown ?? "the Redis"
  }

  private mutating func take(_ value: String, of name: String) throws(Failure) {
    switch name {
    case "--secret-file": foreign.secretFile = value
    case "--user-member": foreign.userMember = value
    case "--prefix": foreign.prefix = value
    default:
      guard let origin = ForeignOrigin(rawValue: value) else {
        let known = ForeignOrigin.allCases.map(\.rawValue)
        let nearest = NearestName.find(value, among: known).map { " Did you mean \($0)?" } ?? ""
        let name = Program.printable(value)
        throw Failure(
          description: "Nothing is read from \"\(name)\"; there are \(known.joined(separator: ", ")).\(nearest)")
      }
      self.origin = origin
    }
  }
}
