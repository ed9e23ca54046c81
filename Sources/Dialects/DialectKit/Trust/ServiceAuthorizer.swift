public import Accounts
public import HTTPMessages
public import HTTPRouting

/// What a service's credential allows.
public enum ServiceAuthorization: Sendable {
  /// The request carries none: where it comes from decides.
  case notPresented
  /// It is good for the scope; the name of who holds it.
  case allowed(name: String)
  /// It is not; what to answer.
  case refused(Problem)
}

/// Judges the credentials of services, such as keys, beside trust in networks.
public protocol ServiceAuthorizer: Sendable {
  /// Whether the credential that `request` carries, if any, is good for `scope`.
  func authorize(_ request: HTTPRequest, scope: String) async -> ServiceAuthorization

  /// Whether the only value of Authorization is good for `scope` beyond doubt, found out without waiting; if not,
  /// ``authorize(_:scope:)`` must decide.
  func allowsAtOnce(_ authorization: UnsafeRawBufferPointer, scope: String) -> Bool
}

extension ServiceAuthorizer {
  /// Nothing, without waiting.
  public func allowsAtOnce(_ authorization: UnsafeRawBufferPointer, scope: String) -> Bool { false }
}

extension Access {
  /// A service whose key has this scope, or a trusted caller.
  public static func service(_ scope: ServiceScope) -> Access { .service(scope: scope.rawValue) }
}
