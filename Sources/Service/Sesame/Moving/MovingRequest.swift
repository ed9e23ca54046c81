import Commands
import Configuration
import Moving

/// What the command line of `sesame export` or `sesame import` asks for.
struct MovingRequest: Sendable, Equatable {
  /// The file that is written or read.
  let file: String
  /// `--resume`: whether what was interrupted is gone on with.
  let resumes: Bool
  /// `--all`: whether sessions that have ended are exported, too.
  var includesEnded = false
  /// `--skip-bad`: whether bad lines of sessions are passed over.
  var skipsBad = false
  /// `--json`: whether the result is one JSON object.
  let isForMachines: Bool
  /// `--from`: whose data the file has; `nil` for an export.
  var origin: ForeignOrigin?
  /// What only some origins take.
  var foreign = ForeignOptions()

  /// What `sesame export` takes besides settings.
  static let exportOptions = [
    CommandOption("--all", "Also sessions that have ended."),
    CommandOption("--resume", "Goes on with an export that was interrupted."),
    CommandOption("--json", "The result as JSON, for programs."),
  ]

  /// What `sesame import` takes besides settings.
  static let importOptions = [
    CommandOption("--resume", "Goes on with an import that was interrupted."),
    CommandOption("--skip-bad", "Passes over bad lines of sessions."),
    CommandOption("--json", "The result as JSON, for programs."),
    CommandOption(
      "--from", "ORIGIN", .words(ForeignOrigin.allCases.map(\.rawValue)),
      "Whose data FILE has, if it is no export. For connect-redis, FILE is redis://..., for "
        + "pip-services it may be mongodb://.../database.collection."),
    CommandOption(
      "--secret-file", "FILE", .file, "connect-redis, django: the file that has the secret of the other program."),
    CommandOption(
      "--user-member", "NAME", "connect-redis: where a session names its user, such as passport.user."),
    CommandOption("--prefix", "TEXT", "connect-redis: what its keys begin with. Default: sess:."),
  ]

  /// What an invocation of `sesame export` asks for.
  init(exporting invocation: Invocation) {
    self.init(invocation)
    includesEnded = invocation.options.has("--all")
  }

  /// What an invocation of `sesame import` asks for.
  init(importing invocation: Invocation) {
    self.init(invocation)
    let options = invocation.options
    skipsBad = options.has("--skip-bad")
    origin = options.value("--from").flatMap(ForeignOrigin.init(rawValue:))
    foreign.secretFile = options.value("--secret-file") ?? foreign.secretFile
    foreign.userMember = options.value("--user-member") ?? foreign.userMember
    foreign.prefix = options.value("--prefix") ?? foreign.prefix
  }

  private init(_ invocation: Invocation) {
    file = invocation.arguments[0]
    resumes = invocation.options.has("--resume")
    isForMachines = invocation.options.has("--json")
  }

  /// The file for a person's eyes: of an address that may have a password only the host.
  var shownFile: String {
    let isAddress = origin == .connectRedis || (origin == .pipServices && file.hasPrefix("mongodb"))
    guard isAddress, file.contains("://") else { return file }
    return (try? StoreAddress(file, data: ""))?.shown ?? "the server"
  }
}
