import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  /// Verification of a token by a service.
  var verificationRoutes: [Route] {
    [
      Route(
        .post, "/verify", "verifyToken", "Verifies a token; counts as a request of its session.",
        access: .service(.sessionsRead),
        body: Route.Body(
          .object([
            .required("token", .string("The credential that the user showed.", length: 0...8192)),
            .optional("address", SessionSchema.text.described("Where the user's request came from.")),
            .optional("user_agent", .string("The user's User-Agent.", length: 0...SessionPolicy.userAgentLimit)),
          ])),
        answers: [
          Route.Answer(
            .ok, "Whether the token is valid and its session alive; if not, why.",
            .object(
              [
                .required("active", .boolean()), .optional("session", SessionSchema.session),
                .optional("account", AccountSchema.account),
                .optional("reason", .oneOf(TokenVerdict.reasons)),
                .optional("close_reason", .oneOf(SessionSchema.reasons)),
              ], unknownMembers: .ignored))
        ],
        atOnce: verifyAtOnce
      ) { request throws(Problem) in try await verify(request) }
    ].map { $0.tagged("verification") }
  }

  private func verify(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    switch try await verify(request.body?.root["token"]?.utf8String ?? []) {
    case .active(let session):
      let holder = try await holder(of: session)
      guard holder?.profile.isActive != false else { return Self.refused(RefusalReason.closed.rawValue, .account) }
      return .json { json in
        json.beginObject()
        json.member("active", true)
        json.name("session")
        SessionJSON.write(session, of: sessions, into: &json)
        if let holder {
          json.name("account")
          AccountJSON.write(holder, into: &json)
        }
        json.endObject()
      }
    case .refused(let reason, let closeReason): return Self.refused(reason.rawValue, closeReason)
    case .expired: return Self.refused("expired", nil)
    }
  }

  private func verify(_ token: [UInt8]) async throws(Problem) -> TokenVerdict {
    if Self.isSigned(token) { return try await verifySigned(token) }
    let verification = try await Problem.storing { () async throws(StoreError) in try await sessions.verify(token) }
    switch verification {
    case .active(let session): return .active(session)
    case .refused(let reason, let closeReason, _): return .refused(reason, closeReason)
    }
  }

  /// Whether a token has the dots of a signed one, which those of sessions never have.
  private static func isSigned(_ token: some Collection<UInt8>) -> Bool { token.contains(0x2E) }

  private static func refused(_ reason: String, _ closeReason: CloseReason?) -> HTTPResponse {
    HTTPResponse(
      status: .ok, fields: [HTTPField("Content-Type", "application/json")], body: refusal(reason, closeReason))
  }

  private static func refusal(_ reason: String, _ closeReason: CloseReason?) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("active", false)
    json.member("reason", reason)
    if let closeReason { json.member("close_reason", closeReason.rawValue) }
    json.endObject()
    return json.bytes
  }

  private static let activeStart = Array(#"{"active":true,"session":"#.utf8)
  private static let accountStart = Array(#","account":"#.utf8)
  private static let activeEnd = Array("}".utf8)

  private func verifyAtOnce(
    _ request: borrowing HTTPRequestView, _ requestID: borrowing RequestID, _ response: inout HTTPResponseBuffer
  ) -> Bool {
    let body = unsafe request.body
    guard FastBody.isJSON(request), let token = unsafe FastBody.onlyText("token", in: body),
      gate.admitsAtOnce(request, scope: ServiceScope.sessionsRead.rawValue)
    else { return false }
    let now = sessions.clock.now()
    switch unsafe sessions.verifyAtOnce(UnsafeRawBufferPointer(rebasing: body[token]), now: now) {
    case .miss: return false
    case .active(let entry, let deadline):
      guard let rendering = entry.rendering else { return false }
      var account: [UInt8] = []
      switch accounts.accountAtOnce(ofUser: entry.session.userID) {
      case .miss: return false
      case .none: break
      case .account(let holder):
        guard holder.profile.isActive else { return false }
        account = Self.accountStart + AccountJSON.text(holder)
      }
      let length =
        Self.activeStart.count + rendering.byteCount(of: entry.session) + account.count + Self.activeEnd.count
      beginJSON(length, request, requestID, &response)
      response.appendBody(Self.activeStart)
      entry.append(rendering, requestTime: max(now, entry.session.requestTime), deadline: deadline, to: &response)
      if !account.isEmpty { response.appendBody(account) }
      response.appendBody(Self.activeEnd)
    case .refused(let reason, let closeReason):
      if unsafe reason == .malformed && Self.isSigned(UnsafeRawBufferPointer(rebasing: body[token])) { return false }
      let refusal = Self.refusal(reason.rawValue, closeReason)
      beginJSON(refusal.count, request, requestID, &response)
      response.appendBody(refusal)
    }
    return true
  }

  /// Writes the head of a 200 with JSON.
  func beginJSON(
    _ length: Int, _ request: borrowing HTTPRequestView, _ requestID: borrowing RequestID,
    _ response: inout HTTPResponseBuffer
  ) {
    response.begin("HTTP/1.1 200 OK\r\n", contentLength: length)
    response.addField("Content-Type: application/json\r\n")
    requestID.write(of: request, into: &response)
    response.beginBody()
  }
}
