import Cryptography
import JSON

/// The nonce must be the one of the request (OpenID Connect Core section 3.1.3.7, step 11).
struct NonceRule {
  /// The nonce that the caller sent to the issuer, if it says so.
  let expected: String?

  /// A caller who gives a nonce gets only its token.
  ///
  /// A token with a nonce is accepted without one: only the caller knows what it sent, and whether to check.
  func check(_ claims: JSONValue) throws(TokenRefusal) {
    let claim = claims["nonce"]
    if let claim, claim.kind != .string { throw .claims }
    guard let expected else { return }
    guard let nonce = claim?.utf8String, ConstantTime.areEqual(nonce, Array(expected.utf8)) else { throw .nonce }
  }
}
