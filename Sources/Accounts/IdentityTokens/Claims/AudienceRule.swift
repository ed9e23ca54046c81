import JSON
import SessionCore

/// The token must be meant for us, and issued to us (OpenID Connect Core section 3.1.3.7, steps 3 to 5).
struct AudienceRule {
  let audiences: [ExactText]

  /// The most audiences that one token may have.
  static let maximumCount = 100

  /// `aud` names one of ours; with several, `azp` says to whom the token was issued, and it must be one of ours too.
  func check(_ claims: JSONValue) throws(TokenRefusal) {
    guard let claim = claims["aud"] else { throw .claims }
    let values = claim.kind == .array ? claim.elements : [claim]
    guard !values.isEmpty, values.count <= Self.maximumCount else { throw .claims }
    var names: [ExactText] = []
    for value in values {
      guard let name = value.string else { throw .claims }
      names.append(ExactText(name))
    }
    guard names.contains(where: audiences.contains) else { throw .audience }
    guard let party = claims["azp"] else {
      if names.count > 1 { throw .authorizedParty }
      return
    }
    guard let name = party.string else { throw .claims }
    guard audiences.contains(ExactText(name)) else { throw .authorizedParty }
  }
}
