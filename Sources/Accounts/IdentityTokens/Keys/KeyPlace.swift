/// Where one issuer's keys are.
struct KeyPlace: Sendable {
  /// The issuer's name in the settings.
  let name: String
  let issuer: String
  let keys: KeyLocation

  /// Where the keys are, by the issuer's configuration or as it was given.
  func address(_ source: any DocumentSource) async throws(DocumentFailure) -> String {
    switch keys {
    case .address(let address): return address
    case .discovery:
      let document = try await source.document(at: Discovery.address(of: issuer))
      return try Discovery.keysAddress(in: document, of: issuer)
    }
  }
}

/// How an issuer's keys are found.
public enum KeyLocation: Sendable, Equatable {
  /// By the issuer's own configuration: `<issuer>/.well-known/openid-configuration`.
  case discovery
  /// At that address.
  case address(String)
}

/// What became of fetching an issuer's keys, for the log.
public struct KeyFetchReport: Sendable, Equatable {
  /// What can become of it.
  public enum Outcome: Sendable, Equatable {
    /// That many keys of use are known now.
    case keys(Int)
    /// Nothing came of it; those known before go on. The text is a sentence for the log.
    case failure(String)
  }

  /// The issuer's name in the settings.
  public let issuer: String
  /// What became of it.
  public let outcome: Outcome
}
