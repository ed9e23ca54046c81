public import HTTPMessages
public import HTTPRouting

/// Admits requests to routes by their access: a good credential first, else trust in where the request comes from.
public struct Gatekeeper: Sendable {
  /// Whose requests are trusted without a credential.
  public let trust: TrustPolicy
  /// Judges credentials of services; `nil` if there are none.
  public let authorizer: (any ServiceAuthorizer)?

  /// Which other origins' pages may call for their users.
  public let crossOrigin: CrossOriginPolicy

  /// A gatekeeper from its parts.
  public init(
    trust: TrustPolicy = TrustPolicy(), authorizer: (any ServiceAuthorizer)? = nil,
    crossOrigin: CrossOriginPolicy = .ownPages
  ) {
    self.trust = trust
    self.authorizer = authorizer
    self.crossOrigin = crossOrigin
  }

  /// The admission of a group of routes.
  public var admission: RouteGroup.Admission {
    { request, access throws(Problem) in try await admit(request, to: access) }
  }

  /// Who sent a request, if it may reach a route of that access.
  ///
  /// A route for users is open here: its handler verifies the user's token.
  public func admit(_ request: HTTPRequest, to access: Access) async throws(Problem) -> Caller {
    let origin = trust.origin(of: request)
    var caller = Caller(address: origin.address, isSecure: origin.isSecure)
    guard case .service(let scope) = access else { return caller }
    switch await authorizer?.authorize(request, scope: scope) ?? .notPresented {
    case .allowed(let name):
      caller.name = name
      return caller
    case .refused(let problem): throw problem
    case .notPresented: break
    }
    switch trust.verdict(on: request, from: origin) {
    case .trusted: return caller
    case .untrusted: throw .unauthorizedService
    case .refused(.unknownHost): throw .unknownHost
    case .refused(.foreignPage): throw .foreignPage
    }
  }

  /// Whether a request may reach a service's route of that scope beyond doubt, found out without waiting; if not,
  /// ``admit(_:to:)`` must decide.
  public func admitsAtOnce(_ request: borrowing HTTPRequestView, scope: String) -> Bool {
    let (count, index) = request.find("authorization")
    switch count {
    case 0: return trust.trustsAtOnce(request)
    case 1:
      guard let authorizer else { return false }
      return unsafe authorizer.allowsAtOnce(request.fieldValue(index), scope: scope)
    default: return false
    }
  }
}
