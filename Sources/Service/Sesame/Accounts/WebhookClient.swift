import Configuration
import Cryptography
import HTTPClient
import SessionCore
import Webhooks

/// Posts to webhooks, within the client's bounds of time and size.
struct WebhookClient: WebhookSender {
  let client: HTTPClient

  func post(_ body: [UInt8], to url: String, fields: [(name: String, value: String)]) async -> WebhookAnswer {
    var request = HTTPClientRequest(url, method: .post(body), fields: fields.compactMap { HTTPClientField($0, $1) })
    request.limits.maximumBody = 64 << 10
    do throws(HTTPClientError) {
      return .status(try await client.send(request).status)
    } catch {
      return .failed(error.description)
    }
  }
}

extension Webhook {
  /// The webhook that the settings describe.
  init(_ settings: Settings.Webhook) {
    self.init(
      name: settings.name, url: settings.url, secret: SecretBytes(settings.secret.utf8),
      kinds: settings.types.isEmpty ? nil : Set(settings.types))
  }
}
