public import SessionCore

/// A user as an OpenID provider knows them: the pair that OpenID Connect Core section 5.7 calls unique and stable.
///
/// An e-mail address alone never stands for a user of a provider.
public struct IdentityLink: Sendable, Hashable {
  /// The issuer, exactly as its tokens say it.
  public var issuer: ExactText
  /// The subject: 1 to 255 bytes.
  public var subject: ExactText

  /// A link from its parts.
  public init(issuer: ExactText, subject: ExactText) {
    self.issuer = issuer
    self.subject = subject
  }
}
