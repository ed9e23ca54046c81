import HTTPClient
import IdentityTokens

/// Fetches what issuers publish, within the client's bounds of time and size.
struct IssuerDocuments: DocumentSource {
  let client: HTTPClient

  func document(at address: String) async throws(DocumentFailure) -> [UInt8] {
    let response: HTTPClientResponse
    do throws(HTTPClientError) {
      response = try await client.send(HTTPClientRequest(address))
    } catch {
      throw DocumentFailure(error.description)
    }
    guard response.status == 200 else {
      throw DocumentFailure("The issuer's server answers with status \(response.status).")
    }
    return response.body
  }
}
