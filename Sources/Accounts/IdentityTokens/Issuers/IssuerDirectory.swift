import Cryptography
import JSON
public import SessionCore

/// Verifies the id tokens of a few trusted issuers, whose keys it keeps.
///
/// What is checked is JWS (RFC 7515), the best practices of RFC 8725, and OpenID Connect Core section 3.1.3.7; each
/// rule has its own file. Where keys are known, verifying waits for nobody, and costs little more than the
/// signature does.
public final class IssuerDirectory: Sendable {
  private struct Entry: Sendable {
    let settings: TrustedIssuer
    let rule: IssuerRule
    let keys: IssuerKeys
  }

  private let entries: [Entry]
  private let clock: any SessionClock
  private let wishes: AsyncStream<Void>
  private let wish: AsyncStream<Void>.Continuation

  /// A directory that has fetched nothing yet.
  ///
  /// - Parameters:
  ///   - issuers: Whose tokens are accepted; of two with the same `iss` the first counts.
  ///   - source: Where documents are fetched from.
  ///   - clock: Where the time comes from.
  ///   - policy: When keys are fetched.
  ///   - report: Told of each fetch.
  public init(
    issuers: [TrustedIssuer], source: any DocumentSource, clock: any SessionClock, policy: KeyPolicy = KeyPolicy(),
    report: @escaping @Sendable (KeyFetchReport) -> Void = { _ in }
  ) {
    self.clock = clock
    entries = issuers.map { issuer in
      let place = KeyPlace(name: issuer.name, issuer: issuer.issuer.string, keys: issuer.keys)
      return Entry(
        settings: issuer, rule: IssuerRule(issuer: issuer.issuer, tenants: issuer.tenants),
        keys: IssuerKeys(place: place, policy: policy, clock: clock, source: source, report: report))
    }
    (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Fetches all keys once, and then again whenever they are used and old; ends when its task is cancelled.
  ///
  /// May run once. Without it tokens are verified all the same, but with keys as old as the policy allows at most.
  public func run() async {
    await refreshDue()
    for await _ in wishes { await refreshDue() }
  }

  /// Fetches the keys that are missing or old, of all issuers at once.
  public func refreshDue() async {
    await withTaskGroup(of: Void.self) { group in
      for entry in entries { group.addTask { await entry.keys.refreshIfDue() } }
    }
  }

  /// Verifies a token.
  ///
  /// A token with a nonce is accepted if none is given: only the caller knows what it sent to the issuer. That a token
  /// is used once is not checked here either: remember it until its ``IDToken/end``.
  public func verify(_ text: [UInt8], nonce: String?) async -> IDTokenVerdict {
    do throws(TokenRefusal) {
      let token = try CompactToken(text)
      let header = try TokenHeader(token.header)
      guard let issuer = token.claims["iss"]?.utf8String else { throw .claims }
      guard let entry = entries.first(where: { $0.rule.matches(issuer) }) else { throw .issuer }
      // Before any key is fetched: what is not even addressed to us must not make us ask the issuer.
      let claims = try check(token, entry, nonce: nonce)
      switch await entry.keys.key(for: header, wantsRefresh: { wish.yield() }) {
      case .refused(let refusal): throw refusal
      case .unavailable(let later): return .unavailable(retryAfter: later)
      case .key(let key):
        try KeyRule(key: key, rule: entry.rule).check(issuer: claims.issuer)
        guard key.key.verifies(token.signature, of: token.signedBytes, by: header.algorithm.scheme) else {
          throw .signature
        }
        return .genuine(claims)
      }
    } catch {
      return .refused(error)
    }
  }

  private func check(_ token: CompactToken, _ entry: Entry, nonce: String?) throws(TokenRefusal) -> IDToken {
    let settings = entry.settings
    let issuer = try entry.rule.check(token.claims)
    let subject = try SubjectRule().check(token.claims)
    try AudienceRule(audiences: settings.audiences).check(token.claims)
    let times = try TimeRule(skew: settings.skew, maximumAge: settings.maximumAge).check(
      token.claims, now: clock.now())
    try NonceRule(expected: nonce).check(token.claims)
    return IDToken(
      issuerName: settings.name, issuer: issuer, subject: subject, end: times.end, issued: times.issued,
      claims: token.claims)
  }
}
