public import Cryptography
public import SessionCore

/// A program that is told of events.
public struct Webhook: Sendable {
  /// What the operator calls it; names its cursor in the store.
  public let name: String
  /// Where to post to.
  public let url: String
  /// Which events; `nil` for all.
  public let kinds: Set<Event.Kind>?
  let key: MessageAuthenticationKey

  /// A webhook from its parts; `secret` is what its requests are signed with.
  public init(name: String, url: String, secret: SecretBytes, kinds: Set<Event.Kind>? = nil) {
    self.name = name
    self.url = url
    self.kinds = kinds
    key = MessageAuthenticationKey(secret)
  }
}
