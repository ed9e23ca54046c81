public import SessionCore

/// A program whose sessions or accounts can be imported.
public enum ForeignOrigin: String, Sendable, CaseIterable {
  /// Sessions of Pip.Services' sessions microservice: its JSON file, its collection as mongoexport writes it, or that
  /// collection itself at the address of a MongoDB.
  case pipServices = "pip-services"
  /// Sessions of Session_Model: its table in SQLite, as CSV or as JSON.
  case sessionModel = "session-model"
  /// Users of Cerberus: their table in SQLite, as CSV or as JSON.
  case cerberus
  /// Sessions of Express that connect-redis keeps, read from the Redis at an address.
  case connectRedis = "connect-redis"
  /// Sessions that Django's database back end keeps: its table in SQLite, as CSV or as JSON.
  case django
  /// Users of Django's own authentication: their table in SQLite, as CSV or as JSON.
  case djangoUsers = "django-users"
}

/// What only some origins need to be told.
public struct ForeignOptions: Sendable, Equatable {
  /// The file that has the secret with which the other program signs.
  public var secretFile: String?
  /// Where a session's data say whose it is: names of members with dots between.
  public var userMember: String?
  /// What the keys of a Redis begin with.
  public var prefix: String?

  /// Nothing told.
  public init() {}
}

/// What sessions from elsewhere become here.
public struct ForeignContext: Sendable {
  /// What makes a session that opens with a token of elsewhere.
  public let tokens: SessionImport
  /// When the import is.
  public let now: Timestamp
  /// How long a session lives without a request, if its origin does not say.
  public let idleTimeout: TimeSpan
  /// How long a session lives from now on at most, if its origin does not say.
  public let lifetime: TimeSpan

  /// A context from its parts.
  public init(
    keys: KeyRing, clock: any SessionClock, random: any RandomSource, idleTimeout: TimeSpan, lifetime: TimeSpan
  ) {
    tokens = SessionImport(keys: keys, random: random)
    now = clock.now()
    self.idleTimeout = idleTimeout
    self.lifetime = lifetime
  }
}

/// Reads what another program has kept.
public struct ForeignSource: RecordSource {
  private var source: any RecordSource

  /// Opens a file of `origin`, or, where that is not a file, what is at an address.
  ///
  /// - Parameters:
  ///   - origin: whose data they are.
  ///   - path: the file; for connect-redis the address of the Redis, for pip-services maybe that of a MongoDB.
  ///   - options: what the origin needs to be told.
  ///   - context: what sessions become here.
  ///   - drivers: what reads databases.
  /// - Throws: what stands in the way, such as an option that is missing.
  public init(
    _ origin: ForeignOrigin, _ path: String, _ options: ForeignOptions, _ context: ForeignContext,
    drivers: some ForeignDrivers
  ) async throws(MovingError) {
    switch origin {
    case .pipServices where path.hasPrefix("mongodb://") || path.hasPrefix("mongodb+srv://"):
      source = DocumentSource(try await drivers.documents(at: path), PipServicesSessions(context: context))
    case .pipServices:
      source = RowSource(try RowFile(path, table: nil, drivers), PipServicesSessions(context: context))
    case .sessionModel:
      source = RowSource(try RowFile(path, table: "sessions", drivers), SessionModelTable(context: context))
    case .cerberus:
      source = RowSource(try RowFile(path, table: "users", drivers), CerberusUsers(context: context))
    case .django:
      let reading = DjangoSessions(context: context, secret: try Self.secret(options, of: "Django's SECRET_KEY"))
      source = RowSource(try RowFile(path, table: "django_session", drivers), reading)
    case .djangoUsers:
      source = RowSource(try RowFile(path, table: "auth_user", drivers), DjangoUsers())
    case .connectRedis:
      guard let member = options.userMember else {
        throw MovingError(
          .format, "Say with --user-member where a session's data name the user, such as passport.user or userId.")
      }
      let reading = ExpressSessions(
        context: context, secret: try Self.secret(options, of: "express-session"), userMember: member)
      source = KeySource(try await drivers.keys(at: path, prefix: options.prefix ?? "sess:"), reading)
    }
  }

  /// How much has been read.
  public var part: Double? { source.part }

  /// The next thing that was found.
  public mutating func next() async throws(MovingError) -> SourceItem? { try await source.next() }

  private static func secret(_ options: ForeignOptions, of whom: String) throws(MovingError) -> [UInt8] {
    guard let path = options.secretFile else {
      throw MovingError(.format, "Name the file that has the secret of \(whom) with --secret-file.")
    }
    var secret = try SystemFile(path, 0).read(atMost: 65_536)
    while let last = secret.last, last == 0x0A || last == 0x0D { secret.removeLast() }
    guard !secret.isEmpty else { throw MovingError(.format, "\(path) is empty; it should have the secret of \(whom).") }
    return secret
  }
}

/// What one row of another program becomes.
protocol RowReading: Sendable {
  /// Whether its rows are sessions, of which bad ones may be passed over; they are unless said otherwise.
  static var readsSessions: Bool { get }

  /// The record of a row, or why there is none.
  func content(of row: ForeignRow) -> SourceItem.Content
}

extension RowReading {
  static var readsSessions: Bool { true }
}

/// Rows of a file, each read as the program's that wrote it.
struct RowSource<Reading: RowReading>: RecordSource {
  private var rows: RowFile
  private let reading: Reading

  init(_ rows: RowFile, _ reading: Reading) {
    self.rows = rows
    self.reading = reading
  }

  var part: Double? { rows.part }

  mutating func next() throws(MovingError) -> SourceItem? {
    guard let row = try rows.next() else { return nil }
    switch row {
    case .row(let row): return SourceItem(at: row.at, reading.content(of: row), size: row.size)
    case .bad(let at, let why): return SourceItem(at: at, .bad(why, isSession: Reading.readsSessions), size: 0)
    }
  }
}
