public import Accounts
public import HTTPMessages
import HTTPRouting
public import SessionCore

/// Judges service keys: `Authorization: Bearer ssk_…`.
///
/// Whatever begins as a key does is judged as one: a key that is good for nothing is never mistaken for no key at all,
/// which trust in a network could make up for. Other credentials are not looked at.
public struct KeyAuthorizer: ServiceAuthorizer {
  private let keys: ServiceKeys
  private let clock: any SessionClock

  /// An authorizer by the keys of a store.
  public init(_ keys: ServiceKeys, clock: any SessionClock) {
    self.keys = keys
    self.clock = clock
  }

  /// Whether the key that the request shows, if any, allows the scope.
  ///
  /// Refused are two credentials at once (401), a key that is malformed, unknown, revoked or over (401), and one that
  /// lacks the scope (403); with the store away, 503.
  public func authorize(_ request: HTTPRequest, scope: String) async -> ServiceAuthorization {
    let values = request.fields.filter { $0.isNamed("authorization") }.map(\.value)
    guard values.contains(where: Self.showsKey) else { return .notPresented }
    guard values.count == 1, let start = unsafe values[0].withUnsafeBytes({ unsafe BearerToken.start(in: $0) }) else {
      return .refused(.invalidKey)
    }
    let text = Array(values[0][start...])
    do {
      let key = try await Problem.storing { () async throws(StoreError) in try await keys.key(for: text) }
      guard let key else { return .refused(.invalidKey) }
      return isAllowed(key, scope) ? .allowed(name: key.name.string) : .refused(.insufficientScope(scope))
    } catch {
      return .refused(error)
    }
  }

  /// Whether a key that is cached allows the scope beyond doubt.
  public func allowsAtOnce(_ authorization: UnsafeRawBufferPointer, scope: String) -> Bool {
    guard let start = unsafe BearerToken.start(in: authorization),
      let key = unsafe keys.keyAtOnce(UnsafeRawBufferPointer(rebasing: authorization[start...]))
    else { return false }
    return isAllowed(key, scope)
  }

  private func isAllowed(_ key: ServiceKey, _ scope: String) -> Bool {
    ServiceScope(rawValue: scope).map { key.allows($0, at: clock.now()) } ?? false
  }

  /// Whether a value of Authorization is of the Bearer scheme, in any letter case, and begins as a key does.
  private static func showsKey(_ value: [UInt8]) -> Bool {
    guard value.prefix(6).map(lowercased) == Array("bearer".utf8) else { return false }
    return value.dropFirst(6).drop(while: Bytes.isSpace).starts(with: "ssk_".utf8)
  }
}
