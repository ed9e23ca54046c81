import Accounts
import Configuration
import IdentityTokens
import SessionCore

/// The directory of issuers, as log-ins see it.
struct DirectoryVerifier: IdentityVerifier {
  let directory: IssuerDirectory

  func verify(_ token: [UInt8], nonce: String?) async -> IdentityVerdict {
    switch await directory.verify(token, nonce: nonce) {
    case .genuine(let token): .genuine(Identity(token))
    case .refused(let refusal): .refused(cause: refusal.rawValue)
    case .unavailable(let wait): .unavailable(retryAfter: wait)
    }
  }
}

extension Identity {
  /// What a verified id token says of its user (OpenID Connect Core section 5.1).
  fileprivate init(_ token: IDToken) {
    self.init(link: IdentityLink(issuer: token.issuer, subject: token.subject), expires: token.end)
    email = token.email.flatMap { EmailAddress($0) }
    isEmailVerified = token.isEmailVerified
    preferredUsername = token.text("preferred_username")
    name = token.text("name")
    givenName = token.text("given_name")
    familyName = token.text("family_name")
    picture = token.text("picture")
    timezone = token.text("zoneinfo")
  }
}

extension TrustedIssuer {
  /// The issuer that the settings describe.
  init(_ settings: Settings.Issuer) {
    self.init(
      name: settings.name, issuer: ExactText(settings.issuer), audiences: settings.audiences.map { ExactText($0) })
    if !settings.tenants.isEmpty { tenants = settings.tenants }
    if !settings.keys.isEmpty { keys = .address(settings.keys) }
  }
}
