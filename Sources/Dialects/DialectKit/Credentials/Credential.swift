public import HTTPMessages

/// How a user proves who they are.
public enum Credential: Sendable, Equatable {
  /// Not at all.
  case none
  /// With a token in Authorization.
  case bearer([UInt8])
  /// With the session cookie, which a browser sends by itself: a change needs proof that the user's own page asked for
  /// it.
  case cookie([UInt8])
  /// With an Authorization that can't be read. The cookie beside it does not count.
  case malformed

  /// The credential that a request carries.
  ///
  /// Authorization goes before the cookie.
  public init(of request: HTTPRequest, cookies: CookiePolicy) {
    if request.count(of: "authorization") > 0 {
      if let value = request.field("authorization"),
        let start = unsafe value.withUnsafeBytes({ unsafe BearerToken.start(in: $0) })
      {
        self = .bearer(Array(value[start...]))
      } else {
        self = .malformed
      }
    } else if let value = cookies.value(in: request) {
      self = .cookie(value)
    } else {
      self = .none
    }
  }
}
