import JSON

/// Where an issuer logs people in, and where it hands out tokens for the codes that they bring back (OpenID Connect
/// Discovery section 3).
public struct IssuerEndpoints: Sendable, Equatable {
  /// Where a browser is sent.
  public let authorization: String
  /// Where a code is redeemed.
  public let token: String
  /// Whether a client's secret may go there by Basic authentication, as it does where nothing is said; otherwise it
  /// stands in the body.
  public let takesBasic: Bool

  /// Reads an issuer's own configuration, by one fetch.
  ///
  /// - Parameters:
  ///   - issuer: the issuer, as its tokens say it; where a tenant stands in it, the configuration for all of them is
  ///     read.
  ///   - source: where the document is fetched from.
  /// - Returns: what it says; both addresses are by https, unless the issuer's own is not.
  /// - Throws: if it can't be had, is another issuer's, or has no such addresses.
  public static func read(
    of issuer: String, from source: any DocumentSource
  ) async throws(DocumentFailure) -> IssuerEndpoints {
    let root = try Discovery.root(of: try await source.document(at: Discovery.address(of: issuer)), of: issuer)
    let methods = root["token_endpoint_auth_methods_supported"]?.elements.compactMap(\.string)
    return IssuerEndpoints(
      authorization: try Discovery.address("authorization_endpoint", in: root, of: issuer),
      token: try Discovery.address("token_endpoint", in: root, of: issuer),
      takesBasic: methods?.contains("client_secret_basic") ?? true)
  }
}
