/// The OpenID providers at which people may log in to the console.
public protocol IdentityProviders: Sendable {
  /// Their names, as the settings have them.
  var names: [String] { get }

  /// Where a browser is sent to log in at one.
  ///
  /// - Parameter name: which.
  /// - Returns: the address and the client id; `nil` if there is none of that name.
  /// - Throws: if the provider does not say.
  func entrance(of name: String) async throws(ProviderFailure) -> ProviderEntrance?

  /// The id token for what a browser has brought back from a provider.
  ///
  /// - Parameters:
  ///   - code: what was brought back.
  ///   - name: from which provider.
  /// - Returns: the token as it was had, to be verified; `nil` if the provider refuses the code, or there is none of
  ///   that name.
  /// - Throws: if the provider does not answer.
  func redeem(_ code: ProviderCode, at name: String) async throws(ProviderFailure) -> [UInt8]?
}

/// Where a browser is sent to log in (OpenID Connect Core section 3.1.2.1).
public struct ProviderEntrance: Sendable, Equatable {
  /// The authorization endpoint: https, or http on this machine.
  public let address: String
  /// The client id.
  public let client: String

  /// An entrance.
  public init(address: String, client: String) {
    self.address = address
    self.client = client
  }
}

/// A code that a browser has brought back, and what goes with it (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
public struct ProviderCode: Sendable {
  /// The code.
  public let code: String
  /// What the page made up before it sent the browser away: the provider knows its digest.
  public let verifier: String
  /// Where the provider sent the browser back to.
  public let place: String

  /// A code.
  public init(code: String, verifier: String, place: String) {
    self.code = code
    self.verifier = verifier
    self.place = place
  }
}

/// Why a provider can't be asked now.
public struct ProviderFailure: Error, Sendable {
  /// Whether it is this server that has too many such questions under way.
  public let isBusy: Bool

  /// A failure; what it was is in the log.
  public init(isBusy: Bool) { self.isBusy = isBusy }
}
