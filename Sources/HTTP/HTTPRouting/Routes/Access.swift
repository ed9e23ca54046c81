/// Who may call a route.
public enum Access: Sendable, Hashable {
  /// Anyone.
  case open
  /// A user with their own token; the handler verifies it.
  case user
  /// A service with this scope, or a trusted caller; the group's admission decides.
  case service(scope: String)
}

extension Access {
  /// A service's scope, if it takes one.
  var scope: String? {
    if case .service(let scope) = self { scope } else { nil }
  }
}

/// Who called, as far as admission found out.
public struct Caller: Sendable, Equatable {
  /// The name of the key that was presented, if one was.
  public var name: String?
  /// Where the request came from, forwarding by known proxies considered.
  public var address: String
  /// Whether the client itself spoke HTTPS, forwarding by known proxies considered.
  public var isSecure: Bool

  /// A caller from its parts.
  public init(name: String? = nil, address: String, isSecure: Bool = false) {
    self.name = name
    self.address = address
    self.isSecure = isSecure
  }
}
