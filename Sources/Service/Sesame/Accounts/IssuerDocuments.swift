import IdentityTokens

/// Fetches what issuers publish.
struct IssuerDocuments: DocumentSource {
  func document(at address: String) async throws(DocumentFailure) -> [UInt8] {
    throw DocumentFailure("not there yet")
  }
}
