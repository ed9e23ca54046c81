import Synchronization
import Testing

@testable import IdentityTokens

/// Where an issuer logs people in, by what it publishes.
@Suite struct IssuerEndpointsTests {
  private struct Source: DocumentSource {
    let documents: [String: String]

    func document(at address: String) async throws(DocumentFailure) -> [UInt8] {
      guard let text = documents[address] else { throw DocumentFailure("nothing at \(address)") }
      return Array(text.utf8)
    }
  }

  private static let issuer = "https://issuer.example"
  private static let authorize = #""authorization_endpoint":"https://issuer.example/authorize""#
  private static let token = #""token_endpoint":"https://issuer.example/token""#

  private func read(_ members: String, of issuer: String = issuer) async throws(DocumentFailure) -> IssuerEndpoints {
    let address = issuer.replacing("{tenantid}", with: "common") + "/.well-known/openid-configuration"
    return try await IssuerEndpoints.read(
      of: issuer, from: Source(documents: [address: #"{"issuer":"\#(issuer)",\#(members)}"#]))
  }

  @Test("an issuer says where to log in, where to redeem, and how it takes a secret")
  func reading() async throws {
    let endpoints = try await read("\(Self.authorize),\(Self.token)")
    #expect(endpoints.authorization == "https://issuer.example/authorize")
    #expect(endpoints.token == "https://issuer.example/token")
    #expect(endpoints.takesBasic, "as it is where nothing is said")
    let methods = #""token_endpoint_auth_methods_supported""#
    #expect(try await read("\(Self.authorize),\(Self.token),\(methods):[\"client_secret_basic\"]").takesBasic)
    #expect(try await !read("\(Self.authorize),\(Self.token),\(methods):[\"client_secret_post\"]").takesBasic)
    _ = try await read("\(Self.authorize),\(Self.token)", of: "https://issuer.example/{tenantid}/v2.0")
  }

  @Test(
    "what is no such configuration is refused: an address that is missing, not by TLS, or no address",
    arguments: [
      authorize, token, "\(authorize),\"token_endpoint\":7", "\(authorize),\"token_endpoint\":\"\"",
      "\(authorize),\"token_endpoint\":\"http://issuer.example/token\"",
      "\(token),\"authorization_endpoint\":\"javascript:alert(1)\"",
      "\(token),\"authorization_endpoint\":\"https://issuer.example/ a\"",
      "\(token),\"authorization_endpoint\":\"https://issuer.example/\\u0000\"",
    ])
  func refused(members: String) async {
    await #expect(throws: DocumentFailure.self) { try await read(members) }
  }

  @Test("a script is no address, though the issuer itself is on this machine without TLS")
  func script() async {
    await #expect(throws: DocumentFailure.self) {
      try await read(
        #""authorization_endpoint":"javascript:alert(1)","token_endpoint":"http://127.0.0.1:9/token""#,
        of: "http://127.0.0.1:9")
    }
  }
}
