internal import JSON
internal import MongoDriver
internal import SessionCore

/// A session as a document: its members, reading and writing.
///
/// Times are dates, spans are milliseconds, JSON is text byte for byte. What is `nil` has no member, so that partial
/// indexes hold only what has one.
enum SessionDocument {
  /// The collection.
  static let collection = "sessions"
  /// Leaves out what a list without contents does not show.
  static let withoutContents: BSONValue = ["user": 0, "data": 0, "carried": 0]
  /// Leaves out what is dropped when a session ends, but for what the reaper answers.
  static let withoutJSON: BSONValue = ["user": 0, "data": 0]

  /// The document; `expires` is when the server removes it by itself.
  static func write(_ session: Session, expires: Timestamp) -> BSONDocument {
    var document = BSONDocument()
    document.append("_id", .utf8(session.id.text))
    document.append("user_id", .string(session.userID.string))
    document.append("user_name", ifPresent: text(session.userName))
    document.append("address", ifPresent: text(session.address))
    document.append("client", ifPresent: text(session.client))
    document.append("user_agent", ifPresent: text(session.userAgent))
    document.append("kind", ifPresent: text(session.kind))
    document.append("status", ifPresent: text(session.status))
    document.append("is_open", .bool(session.closeTime == nil))
    document.append("open_time", .date(session.openTime.milliseconds))
    document.append("request_time", .date(session.requestTime.milliseconds))
    document.append("renew_time", .date(session.renewTime.milliseconds))
    document.append("deadline", .date(session.deadline.milliseconds))
    document.append("close_time", ifPresent: (session.closeTime?.milliseconds).map(BSONValue.date))
    document.append("close_reason", ifPresent: (session.closeReason?.rawValue).map(BSONValue.string))
    document.append("idle_timeout", .int64(session.idleTimeout.milliseconds))
    document.append("lifetime", .int64(session.lifetime.milliseconds))
    document.append("generation", .int64(Int64(session.generation)))
    document.append("is_remembered", .bool(session.isRemembered))
    document.append("login_method", ifPresent: text(session.loginMethod))
    document.append("auth_time", ifPresent: (session.authTime?.milliseconds).map(BSONValue.date))
    document.append("revision", .int64(session.revision))
    document.append("user", ifPresent: (session.user?.bytes).map(BSONValue.utf8))
    document.append("data", ifPresent: (session.data?.bytes).map(BSONValue.utf8))
    document.append("carried", ifPresent: (session.carried?.text).map(BSONValue.utf8))
    document.append("expires", .date(expires.milliseconds))
    return document
  }

  private static func text(_ text: ExactText?) -> BSONValue? { text.map { .string($0.string) } }

  /// The session of a document.
  static func read(_ document: BSONDocument) throws(StoreError) -> Session {
    var members = document.members
    guard let id = members["_id"]?.text.flatMap({ SessionID($0) }), let userID = members["user_id"]?.text,
      let openTime = members["open_time"]?.date, let requestTime = members["request_time"]?.date,
      let renewTime = members["renew_time"]?.date, let idleTimeout = members["idle_timeout"]?.int,
      let lifetime = members["lifetime"]?.int,
      let generation = members["generation"]?.int.flatMap(UInt32.init(exactly:)),
      let isRemembered = members["is_remembered"]?.bool, let revision = members["revision"]?.int
    else { throw damaged }
    var session = Session(
      id: id, userID: ExactText(userID), openTime: Timestamp(milliseconds: openTime),
      idleTimeout: TimeSpan(milliseconds: idleTimeout), lifetime: TimeSpan(milliseconds: lifetime))
    session.requestTime = Timestamp(milliseconds: requestTime)
    session.renewTime = Timestamp(milliseconds: renewTime)
    session.generation = generation
    session.isRemembered = isRemembered
    session.revision = revision
    session.userName = try text("user_name", &members)
    session.address = try text("address", &members)
    session.client = try text("client", &members)
    session.userAgent = try text("user_agent", &members)
    session.kind = try text("kind", &members)
    session.status = try text("status", &members)
    session.closeTime = try time("close_time", &members)
    if let reason = try text("close_reason", &members) {
      guard let known = CloseReason(rawValue: reason.string) else { throw damaged }
      session.closeReason = known
    }
    session.loginMethod = try text("login_method", &members)
    session.authTime = try time("auth_time", &members)
    session.user = try text("user", &members).map { JSONText(uncheckedMinified: Array($0.string.utf8)) }
    session.data = try text("data", &members).map { JSONText(uncheckedMinified: Array($0.string.utf8)) }
    if let text = try text("carried", &members) {
      guard let carried = CarriedToken(text: Array(text.string.utf8)) else { throw damaged }
      session.carried = carried
    }
    return session
  }

  /// What a document that no version of this store has written is answered with.
  static var damaged: StoreError { StoreError(.corrupt, "The session store holds a session that can't be read.") }

  private static func text(_ name: String, _ members: inout BSONMembers) throws(StoreError) -> ExactText? {
    guard let value = members[name] else { return nil }
    guard let text = value.text else { throw damaged }
    return ExactText(text)
  }

  private static func time(_ name: String, _ members: inout BSONMembers) throws(StoreError) -> Timestamp? {
    guard let value = members[name] else { return nil }
    guard let time = value.date else { throw damaged }
    return Timestamp(milliseconds: time)
  }
}
