import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  func open(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let body = request.body?.root else { throw .invalid("", "must be an object") }
    let draft = Self.draft(from: body)
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await accounts.open(draft, by: request.service)
    }
    switch verdict {
    case .inactive: throw .accountInactive
    case .decided(.opened(let session, let token, evicted: _)):
      let withCookie = body["cookie"]?.boolean == true
      var fields = [HTTPField("Location", "/v2/sessions/\(session.id)"), EntityTag.field(session)]
      if withCookie { fields.append(cookie(token, for: session)) }
      return .json(.created, fields: fields) { json in
        json.beginObject()
        json.name("session")
        SessionJSON.write(session, of: sessions, into: &json)
        json.member("token", utf8: token.text)
        if withCookie { json.member("csrf_token", utf8: sessions.csrfToken(for: session.id)) }
        json.endObject()
      }
    case .decided(.refused(.limitReached(let maximum))):
      throw .sessionLimit(maximum)
    case .decided(.refused(.invalid(let member, let reason))):
      throw .invalid(member, reason)
    }
  }

  private static func draft(from body: JSONValue) -> SessionDraft {
    var draft = SessionDraft(userID: ExactText(body["user_id"]?.string ?? ""))
    draft.userName = body["user_name"]?.exactText
    draft.address = body["address"]?.exactText
    draft.client = body["client"]?.exactText
    draft.userAgent = body["user_agent"]?.exactText
    draft.kind = body["kind"]?.exactText
    draft.status = body["status"]?.exactText
    draft.user = body["user"]?.contents
    draft.data = body["data"]?.contents
    draft.idleTimeout = body["idle_timeout"]?.integer.map(TimeSpan.seconds)
    draft.lifetime = body["lifetime"]?.integer.map(TimeSpan.seconds)
    draft.isRemembered = body["remember"]?.boolean ?? false
    return draft
  }

  /// The field that gives a browser the session: until it is closed, or for a remembered user as long as the session
  /// can live.
  func cookie(_ token: SessionToken, for session: Session) -> HTTPField {
    let end = session.openTime + session.lifetime
    return cookies.setting(token, maxAge: session.isRemembered ? end - sessions.clock.now() : nil)
  }
}
