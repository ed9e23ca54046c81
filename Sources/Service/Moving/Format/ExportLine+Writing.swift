import Accounts
import JSON
import SessionCore

extension ExportLine {
  /// The line as JSON, without the end of the line; what is `nil` has no member.
  public var bytes: [UInt8] {
    var json = JSONWriter(capacity: 512)
    json.beginObject()
    switch self {
    case .header(let program, let created):
      json.name("sesame_export")
      json.beginObject()
      json.member("version", Self.version)
      json.member("program", program)
      json.member("created", utf8: created.rfc3339)
      json.endObject()
    case .record(.key(let key)):
      json.name("key")
      json.write(key)
    case .record(.account(let account)):
      json.name("account")
      json.write(account)
    case .record(.session(let session)):
      json.name("session")
      json.write(session)
    case .end(let counts):
      json.name("end")
      json.beginObject()
      json.member("keys", counts.keys)
      json.member("accounts", counts.accounts)
      json.member("sessions", counts.sessions)
      json.endObject()
    }
    json.endObject()
    return json.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ moved: MovedKey) {
    beginObject()
    member("name", moved.key.name.string)
    name("scopes")
    beginArray()
    for scope in ServiceScope.allCases where moved.key.scopes.contains(scope) { string(scope.rawValue) }
    endArray()
    member("created", utf8: moved.key.created.rfc3339)
    member("expires", ifPresent: moved.key.expires)
    member("sha256", utf8: Hexadecimal.encode(moved.digest))
    endObject()
  }

  fileprivate mutating func write(_ moved: MovedAccount) {
    let (account, profile) = (moved.account, moved.account.profile)
    beginObject()
    member("id", account.id.number)
    member("created", utf8: account.created.rfc3339)
    member("level", profile.level.rawValue)
    member("active", profile.isActive)
    member("verified", profile.isVerified)
    member("email", ifPresent: profile.email?.text)
    member("username", ifPresent: profile.username)
    member("name", ifPresent: profile.name)
    member("first_name", ifPresent: profile.firstName)
    member("last_name", ifPresent: profile.lastName)
    member("picture", ifPresent: profile.picture)
    member("timezone", ifPresent: profile.timezone)
    if !profile.links.isEmpty {
      name("links")
      beginArray()
      for link in profile.links {
        beginObject()
        member("issuer", link.issuer.string)
        member("subject", link.subject.string)
        endObject()
      }
      endArray()
    }
    if let password = moved.password { member("password", password.text) }
    member("revision", account.revision)
    endObject()
  }

  fileprivate mutating func write(_ session: Session) {
    beginObject()
    member("id", utf8: session.id.text)
    member("user_id", session.userID.string)
    member("user_name", ifPresent: session.userName)
    member("address", ifPresent: session.address)
    member("client", ifPresent: session.client)
    member("user_agent", ifPresent: session.userAgent)
    member("kind", ifPresent: session.kind)
    member("status", ifPresent: session.status)
    member("opened", utf8: session.openTime.rfc3339)
    member("last_request", utf8: session.requestTime.rfc3339)
    member("renewed", utf8: session.renewTime.rfc3339)
    member("closed", ifPresent: session.closeTime)
    if let reason = session.closeReason { member("close_reason", reason.rawValue) }
    member("idle_timeout_ms", session.idleTimeout.milliseconds)
    member("lifetime_ms", session.lifetime.milliseconds)
    member("generation", Int64(session.generation))
    member("remembered", session.isRemembered)
    member("login_method", ifPresent: session.loginMethod)
    member("auth_time", ifPresent: session.authTime)
    member("revision", session.revision)
    if let user = session.user {
      name("user")
      raw(user)
    }
    if let data = session.data {
      name("data")
      raw(data)
    }
    if let carried = session.carried { member("carried", utf8: carried.text) }
    endObject()
  }

  private mutating func member(_ name: StaticString, ifPresent text: ExactText?) {
    if let text { member(name, text.string) }
  }

  private mutating func member(_ name: StaticString, ifPresent time: Timestamp?) {
    if let time { member(name, utf8: time.rfc3339) }
  }
}
