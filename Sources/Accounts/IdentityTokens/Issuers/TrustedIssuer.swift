public import SessionCore

/// An issuer whose id tokens are accepted.
public struct TrustedIssuer: Sendable {
  /// What it is called in settings and log.
  public var name: String
  /// Its `iss`, byte by byte; `{tenantid}` in it stands for the tenant's id, as with Microsoft.
  public var issuer: ExactText
  /// Our names at the issuer, one of which each token must be meant for; also what `azp` may be.
  public var audiences: [ExactText]
  /// The tenants that are accepted, where the issuer has them; `nil` is every one, so anybody with an account there.
  public var tenants: [String]?
  /// Where its keys are; its own configuration by default.
  public var keys = KeyLocation.discovery
  /// How much clocks may differ; 60 seconds by default.
  public var skew = TimeSpan.seconds(60)
  /// How long after its `iat` a token is accepted at most; 24 hours by default.
  public var maximumAge = TimeSpan.hours(24)

  /// An issuer with the defaults; `audiences` must not be empty, or no token is accepted.
  public init(name: String, issuer: ExactText, audiences: [ExactText]) {
    self.name = name
    self.issuer = issuer
    self.audiences = audiences
  }
}
