internal import JSON
internal import RedisDriver
internal import SessionCore

/// A session as the fields of a hash: their order in scripts, writing and reading.
enum SessionHash {
  /// The fields without contents; after them come `user`, `data` and `carried`.
  static let facts = [
    "user_id", "user_name", "address", "client", "user_agent", "kind", "status", "open_time", "request_time",
    "renew_time", "close_time", "close_reason", "idle_timeout", "lifetime", "generation", "is_remembered",
    "login_method", "auth_time", "revision",
  ]

  /// Asks for all fields of the session whose key is given.
  static let question = RedisQuestion("HMGET", (facts + ["user", "data", "carried"]).map { RedisArgument($0) })

  /// The answer to ``question``; `nil` if there is no such session.
  static func read(_ id: SessionID, _ answer: RedisReply) throws(StoreError) -> Session? {
    guard let values = answer.asArray else { throw .unreadable }
    return values.allSatisfy(\.isNull) ? nil : try read(id, values[...])
  }

  /// All fields in order, as scripts take them.
  static func arguments(_ session: Session) -> [RedisArgument] {
    [
      text(session.userID), text(session.userName), text(session.address), text(session.client),
      text(session.userAgent), text(session.kind), text(session.status), number(session.openTime.milliseconds),
      number(session.requestTime.milliseconds), number(session.renewTime.milliseconds),
      number(session.closeTime?.milliseconds), .optional(session.closeReason?.rawValue),
      number(session.idleTimeout.milliseconds), number(session.lifetime.milliseconds),
      number(Int64(session.generation)), number(session.isRemembered ? 1 : 0), text(session.loginMethod),
      number(session.authTime?.milliseconds), number(session.revision), .optional(bytes: session.user?.bytes),
      .optional(bytes: session.data?.bytes), .optional(bytes: session.carried?.text),
    ]
  }

  /// A row of a script's answer: the id and the fields, with or without the contents.
  static func read(_ row: RedisReply) throws(StoreError) -> Session {
    guard let values = row.asArray, let id = values.first?.asBytes.flatMap({ SessionID($0) }) else {
      throw .unreadable
    }
    return try read(id, values.dropFirst())
  }

  /// The fields of the session of that id.
  static func read(_ id: SessionID, _ values: ArraySlice<RedisReply>) throws(StoreError) -> Session {
    guard values.count >= facts.count else { throw .unreadable }
    var values = Reader(values)
    guard let userID = try values.text() else { throw .unreadable }
    var session = Session(
      id: id, userID: userID, openTime: .earliest, idleTimeout: .zero, lifetime: .zero)
    session.userName = try values.text()
    session.address = try values.text()
    session.client = try values.text()
    session.userAgent = try values.text()
    session.kind = try values.text()
    session.status = try values.text()
    session.openTime = try values.time()
    session.requestTime = try values.time()
    session.renewTime = try values.time()
    session.closeTime = try values.number().map(Timestamp.init(milliseconds:))
    if let reason = try values.text() {
      guard let known = CloseReason(rawValue: reason.string) else { throw .unreadable }
      session.closeReason = known
    }
    session.idleTimeout = TimeSpan(milliseconds: try values.required())
    session.lifetime = TimeSpan(milliseconds: try values.required())
    guard let generation = UInt32(exactly: try values.required()) else { throw .unreadable }
    session.generation = generation
    session.isRemembered = try values.required() != 0
    session.loginMethod = try values.text()
    session.authTime = try values.number().map(Timestamp.init(milliseconds:))
    session.revision = try values.required()
    session.user = values.bytes().map(JSONText.init(uncheckedMinified:))
    session.data = values.bytes().map(JSONText.init(uncheckedMinified:))
    if let carried = values.bytes() {
      guard let carried = CarriedToken(text: carried) else { throw .unreadable }
      session.carried = carried
    }
    return session
  }

  private static func text(_ text: ExactText?) -> RedisArgument { .optional(text?.string) }

  private static func number(_ number: Int64?) -> RedisArgument { .optional(number.map(String.init)) }

  /// The values of a row, one after another.
  private struct Reader {
    private var rest: ArraySlice<RedisReply>

    init(_ values: ArraySlice<RedisReply>) { rest = values }

    mutating func bytes() -> [UInt8]? { rest.popFirst()?.asBytes }

    mutating func text() throws(StoreError) -> ExactText? {
      guard let value = rest.popFirst(), !value.isNull else { return nil }
      guard let text = value.asText else { throw .unreadable }
      return ExactText(text)
    }

    mutating func number() throws(StoreError) -> Int64? {
      guard let value = rest.popFirst(), !value.isNull else { return nil }
      guard let number = value.asInteger else { throw .unreadable }
      return number
    }

    mutating func required() throws(StoreError) -> Int64 {
      guard let number = try number() else { throw .unreadable }
      return number
    }

    mutating func time() throws(StoreError) -> Timestamp { Timestamp(milliseconds: try required()) }
  }
}

extension RedisArgument {
  /// What may be missing, as scripts take it: nothing, or "=" and the text.
  static func optional(_ text: String?) -> RedisArgument { text.map { RedisArgument("=" + $0) } ?? "" }

  /// What may be missing, as scripts take it: nothing, or "=" and the bytes.
  static func optional(bytes: [UInt8]?) -> RedisArgument { bytes.map { RedisArgument([0x3D] + $0) } ?? "" }

  /// A time's milliseconds.
  init(_ time: Timestamp) { self.init(time.milliseconds) }

  /// Who does it, as scripts take it.
  static func actor(_ actor: Actor) -> [RedisArgument] {
    [
      RedisArgument(actor.kind.rawValue), .optional(actor.name), .optional(actor.address), .optional(actor.requestID),
    ]
  }
}
