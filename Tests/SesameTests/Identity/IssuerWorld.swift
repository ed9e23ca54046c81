import Foundation
import HTTPTesting
import IdentityTesting
import IdentityTokens
import JSON
import Testing

/// An issuer in this process, and the settings under which a program trusts it.
final class IssuerWorld: Sendable {
  let issuer: TestIssuer
  let key: IssuerKeyPair
  /// When the tokens were issued.
  let now = Int(Date().timeIntervalSince1970)

  /// An issuer that signs with `key`, and shows `others` as well.
  init(_ key: IssuerKeyPair = IssuerKeyPair(.es256, id: "key-1"), others: [IssuerKeyPair] = []) throws {
    self.key = key
    issuer = try TestIssuer(keys: [key] + others)
  }

  /// The settings that trust it, under a name.
  func settings(_ name: String = "test") -> [String] {
    ["--set", "issuers.\(name).issuer=\(issuer.issuer)", "--set", "issuers.\(name).audiences=us"]
  }

  /// The claims of a good token, some replaced; a replacement of `nil` leaves the claim out.
  func claims(_ changes: [String: String?] = [:]) -> String {
    var members: [String: String?] = [
      "iss": "\"\(issuer.issuer)\"", "sub": #""ann""#, "aud": #""us""#, "exp": "\(now + 3600)", "iat": "\(now)",
    ]
    members.merge(changes) { $1 }
    let texts = members.sorted { $0.key < $1.key }.compactMap { name, value in value.map { #""\#(name)":\#($0)"# } }
    return "{\(texts.joined(separator: ","))}"
  }

  /// A good token of that subject; tokens with different `jti` differ.
  func token(_ subject: String = "ann", id: Int = 0, _ changes: [String: String?] = [:]) -> [UInt8] {
    key.token(claims(["sub": "\"\(subject)\"", "jti": "\"\(id)\""].merging(changes) { $1 }))
  }
}

extension ServiceClient {
  /// Creates an account that is linked to a subject of an issuer.
  @discardableResult
  func account(of subject: String, at world: IssuerWorld) throws -> Int64 {
    let reply = try send(
      "POST", "/v2/accounts", #"{"links":[{"issuer":"\#(world.issuer.issuer)","subject":"\#(subject)"}]}"#)
    try #require(reply.status == 201, "\(reply.text)")
    return try #require(reply["id"]?.integer)
  }
}
