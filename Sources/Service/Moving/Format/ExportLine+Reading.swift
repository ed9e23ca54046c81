import Accounts
import JSON
import PasswordHashing
import SessionCore

extension ExportLine {
  /// Reads a line; refuses an unknown version, sort or member, and whatever no store would keep.
  public init(parsing bytes: [UInt8]) throws(Refusal) {
    let root: JSONValue
    do throws(JSONError) {
      root =
        try JSONDocument(parsing: bytes, limits: JSONLimits(maximumBytes: Self.longest, maximumDepth: 1000)).root
    } catch {
      throw Refusal("it is no JSON object: \(error.description)")
    }
    guard root.kind == .object, let (sort, value) = root.members.first, root.count == 1 else {
      throw Refusal("it must be an object with one member: sesame_export, key, account, session or end")
    }
    var members = LineMembers(value, of: sort)
    switch sort {
    case "sesame_export": self = try Self.header(&members)
    case "key": self = .record(.key(Self.key(&members)))
    case "account": self = .record(.account(Self.account(&members)))
    case "session": self = .record(.session(Self.session(&members)))
    case "end": self = .end(Self.counts(&members))
    default:
      throw Refusal("there is no sort \"\(sort)\"; there are sesame_export, key, account, session and end")
    }
    try members.finish()
  }

  private static func header(_ members: inout LineMembers) throws(Refusal) -> ExportLine {
    let found = members.integer("version", in: 0...Int64.max)
    // What another version has beside is not this one's to judge.
    if members.fault == nil, found != version {
      throw Refusal("its format is version \(found), and this program reads version \(version)")
    }
    let program = members.requiredText("program", atMost: 255)
    return .header(program: program.string, created: members.requiredTime("created"))
  }

  private static func counts(_ members: inout LineMembers) -> MoveCounts {
    var counts = MoveCounts()
    counts.keys = members.integer("keys", in: 0...1 << 53)
    counts.accounts = members.integer("accounts", in: 0...1 << 53)
    counts.sessions = members.integer("sessions", in: 0...1 << 53)
    return counts
  }

  private static func key(_ members: inout LineMembers) -> MovedKey {
    let known = ServiceScope.allCases.map(\.rawValue).joined(separator: ", ")
    let name = members.requiredText("name", atMost: 255)
    let scopes = members.required("scopes", "a list of \(known)", or: []) { value -> [ServiceScope]? in
      let scopes = value.elements.compactMap { $0.string.flatMap(ServiceScope.init(rawValue:)) }
      return value.kind == .array && scopes.count == value.count ? scopes : nil
    }
    let key = ServiceKey(
      id: 1, name: name, scopes: Set(scopes), created: members.requiredTime("created"),
      expires: members.time("expires"), lastUsed: nil)
    let digest = members.required("sha256", "64 hexadecimal digits", or: []) { value in
      value.utf8String.flatMap { $0.count == 64 ? Hexadecimal.decode($0) : nil }
    }
    return MovedKey(key, digest: digest)
  }

  private static func account(_ members: inout LineMembers) -> MovedAccount {
    let number = members.integer("id", in: 1...MovedAccount.greatestNumber)
    let created = members.requiredTime("created")
    let levels = AccountLevel.allCases.map(\.rawValue).joined(separator: ", ")
    let level = members.required("level", "one of \(levels)", or: .user) {
      $0.string.flatMap(AccountLevel.init(rawValue:))
    }
    var profile = AccountProfile(level: level)
    profile.isActive = members.boolean("active")
    profile.isVerified = members.boolean("verified")
    profile.email = members.optional("email", "an e-mail address") { $0.string.flatMap(EmailAddress.init) }
    profile.username = members.optional("username", "a text of 1 to 255 bytes without \"@\"") { value in
      value.string.flatMap { (1...255).contains($0.utf8.count) && !$0.utf8.contains(0x40) ? ExactText($0) : nil }
    }
    profile.name = members.text("name")
    profile.firstName = members.text("first_name")
    profile.lastName = members.text("last_name")
    profile.picture = members.text("picture")
    profile.timezone = members.text("timezone")
    profile.links =
      members.optional("links", "a list of objects with issuer and subject", Self.links) ?? []
    let password = members.optional("password", "a hash of Argon2id (PHC), bcrypt or Django that can be checked") {
      value in
      value.string.flatMap { StoredPassword($0) }.map { PasswordHash($0.text) }
    }
    let revision = members.integer("revision", in: 1...Int64.max)
    let account = Account(
      id: AccountID(number), profile: profile, created: created, hasPassword: false, revision: revision)
    return MovedAccount(account, password: password)
  }

  private static func links(_ value: JSONValue) -> [IdentityLink]? {
    guard value.kind == .array, value.count <= 100 else { return nil }
    var links: [IdentityLink] = []
    for element in value.elements {
      guard element.count == 2, let issuer = element["issuer"]?.string, let subject = element["subject"]?.string,
        (1...2048).contains(issuer.utf8.count), (1...255).contains(subject.utf8.count)
      else { return nil }
      links.append(IdentityLink(issuer: ExactText(issuer), subject: ExactText(subject)))
    }
    return links
  }

  private static func session(_ members: inout LineMembers) -> Session {
    let id = members.required("id", "26 characters of a session's id", or: SessionID(high: 0, low: 0)) {
      $0.utf8String.flatMap { SessionID($0) }
    }
    let userID = members.requiredText("user_id", atMost: 255)
    var session = Session(id: id, userID: userID, openTime: .earliest, idleTimeout: .zero, lifetime: .zero)
    session.userName = members.text("user_name")
    session.address = members.text("address")
    session.client = members.text("client")
    session.userAgent = members.text("user_agent", atMost: 65_536)
    session.kind = members.text("kind")
    session.status = members.text("status")
    session.openTime = members.requiredTime("opened")
    session.requestTime = members.requiredTime("last_request")
    session.renewTime = members.requiredTime("renewed")
    session.closeTime = members.time("closed")
    session.closeReason = members.optional(
      "close_reason", "one of \(CloseReason.allCases.map(\.rawValue).joined(separator: ", "))"
    ) { $0.string.flatMap(CloseReason.init(rawValue:)) }
    session.idleTimeout = TimeSpan(milliseconds: members.integer("idle_timeout_ms", in: 0...Int64.max))
    session.lifetime = TimeSpan(milliseconds: members.integer("lifetime_ms", in: 0...Int64.max))
    session.generation = UInt32(clamping: members.integer("generation", in: 0...Int64(UInt32.max)))
    session.isRemembered = members.boolean("remembered")
    session.loginMethod = members.text("login_method")
    session.authTime = members.time("auth_time")
    session.revision = members.integer("revision", in: 1...Int64.max)
    session.user = members.json("user")
    session.data = members.json("data")
    session.carried = members.optional("carried", "what an export wrote of a caller's own token") {
      $0.utf8String.flatMap { CarriedToken(text: $0) }
    }
    if (session.closeTime == nil) != (session.closeReason == nil) {
      members.refuse("session.closed and session.close_reason belong together")
    }
    if session.closeTime != nil, session.user != nil || session.data != nil || session.carried != nil {
      members.refuse("a closed session has no user, data or carried")
    }
    return session
  }
}
