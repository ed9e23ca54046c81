public import HTTPMessages
public import HTTPRouting
public import SessionCore

/// Refuses changes that a browser was made to send with the session cookie (cross-site request forgery).
///
/// Two proofs are needed, and each alone would do: the browser's word that a page of this origin sent the request
/// (Origin or Sec-Fetch-Site; whichever is there must agree, and one must be there) or of a listed one, and the
/// session's own token in `X-CSRF-Token`, which only such a page could read.
public enum CrossSiteGuard {
  /// Throws unless both proofs are there.
  ///
  /// - Parameters:
  ///   - request: the request that the cookie came with.
  ///   - isSecure: whether the browser spoke HTTPS.
  ///   - id: the session that the cookie names.
  ///   - sessions: which know the session's token.
  ///   - crossOrigin: the other origins whose pages may do this.
  /// - Throws: 403.
  public static func check(
    _ request: HTTPRequest, isSecure: Bool, session id: SessionID, _ sessions: Sessions,
    crossOrigin: CrossOriginPolicy = .ownPages
  ) throws(Problem) {
    guard SameOrigin.isProven(request, isSecure: isSecure, listed: crossOrigin),
      let token = request.field("x-csrf-token"),
      sessions.isCSRFToken(token, for: id)
    else { throw .crossSite }
  }

  /// Throws if a browser says that a page of another origin, which is not listed, asks for a log-in that gives or takes
  /// a cookie's session: its user would act in an account that the page's author knows, or be logged out.
  ///
  /// There is no session yet whose token could prove more. Programs that are no browsers say nothing, and pass.
  ///
  /// - Parameters:
  ///   - request: the request to log in.
  ///   - isSecure: whether the browser spoke HTTPS.
  ///   - crossOrigin: the other origins whose pages may do this.
  /// - Throws: 403.
  public static func checkLogin(
    _ request: HTTPRequest, isSecure: Bool, crossOrigin: CrossOriginPolicy = .ownPages
  ) throws(Problem) {
    guard crossOrigin.lists(request) || !SameOrigin.isForeign(request, isSecure: isSecure) else {
      throw .foreignLogin
    }
  }
}
