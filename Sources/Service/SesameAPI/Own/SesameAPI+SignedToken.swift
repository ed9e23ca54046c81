import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import IdentityTokens
import JSON
import SessionCore

extension SesameAPI {
  /// Making tokens that others can read without asking (JWT, RFC 7519).
  var signedTokenRoutes: [Route] {
    [
      Route(
        .post, "/session/jwt", "mintToken", "Makes a signed token for the caller's session.", access: .user,
        answers: [
          Route.Answer(
            .ok, "The token, which is worth no more than the session: verify it here, or trust it until it ends.",
            .object(
              [
                .required("jwt", .string("The signed token: iss, sub, sid, iat, exp, and the account's level.")),
                .required("expires", .time("When it ends.")),
              ], unknownMembers: .ignored)),
          Route.Answer(.forbidden, "A request by cookie without its proof."),
        ]
      ) { request throws(Problem) in try await mint(request) }
    ].map { $0.tagged("own session") }
  }

  /// The keys by which others read the tokens.
  var keySetRoutes: [Route] {
    [
      Route(
        .get, "/.well-known/jwks.json", "showKeySet", "Shows the public keys of signed tokens (RFC 7517).",
        access: .open,
        answers: [
          Route.Answer(
            .ok, "The keys; none if tokens are signed by a shared secret.",
            .object(
              [.required("keys", .array(of: .object([.required("kty", .string())], unknownMembers: .ignored)))],
              unknownMembers: .ignored))
        ]
      ) { _ throws(Problem) in
        HTTPResponse(
          status: .ok, fields: [HTTPField("Content-Type", "application/json")],
          body: signed.jwks(now: sessions.clock.now()))
      }
    ].map { $0.tagged("verification") }
  }

  private func mint(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (session, _) = try await ownSessionForChange(request)
    let level = try await holder(of: session)?.profile.level.rawValue
    let now = sessions.clock.now()
    let token = signed.token(for: session, level: level, now: now)
    // A session that ends within this very second has none.
    guard case .genuine(let claims) = signed.read(token, now: now) else { throw .unauthorizedUser }
    return .json { json in
      json.beginObject()
      json.member("jwt", utf8: token)
      json.member("expires", utf8: claims.expires.rfc3339)
      json.endObject()
    }
  }

  /// What a signed token is worth: what its session is; counts as a request of it.
  func verifySigned(_ token: [UInt8]) async throws(Problem) -> TokenVerdict {
    switch signed.read(token, now: sessions.clock.now()) {
    case .malformed: return .refused(.malformed)
    case .forged: return .refused(.forged)
    case .expired: return .expired
    case .genuine(let claims):
      let session = try await Problem.storing { () async throws(StoreError) in
        try await sessions.session(claims.sessionID, touching: true)
      }
      guard let session else { return .refused(.unknown) }
      if session.closeTime != nil { return .refused(.closed, session.closeReason) }
      return claims.stands(for: session) ? .active(session) : .refused(.superseded)
    }
  }
}

/// What a service is told of a token.
enum TokenVerdict: Sendable {
  /// It is valid and its session alive.
  case active(Session)
  /// It is not; why, and for an ended session why it ended.
  case refused(RefusalReason, CloseReason? = nil)
  /// It is a signed token whose own time is over.
  case expired

  /// The reasons under their names in the interface.
  static let reasons = RefusalReason.allCases.map(\.rawValue) + ["expired"]
}
