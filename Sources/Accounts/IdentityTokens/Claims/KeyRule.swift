import SessionCore

/// A key of an issuer of many tenants may be for the tokens of one of them alone.
struct KeyRule {
  let key: IssuerKey
  let rule: IssuerRule

  /// Where tenants share a key set, a key's own `issuer` must be the token's, or the pattern of all.
  func check(issuer: ExactText) throws(TokenRefusal) {
    guard rule.hasTenants, let own = key.issuer else { return }
    guard ExactText(own) == issuer || IssuerRule(issuer: ExactText(own), tenants: nil).covers(issuer) else {
      throw .keyMismatch
    }
  }
}

extension IssuerRule {
  /// Whether this is a pattern of tenants, and `issuer` one of it.
  func covers(_ issuer: ExactText) -> Bool { hasTenants && matches(Array(issuer.string.utf8)) }
}
