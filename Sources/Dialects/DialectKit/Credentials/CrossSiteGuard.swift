public import HTTPMessages
public import HTTPRouting
public import SessionCore

/// Refuses changes that a browser was made to send with the session cookie (cross-site request forgery).
///
/// Two proofs are needed, and each alone would do: the browser's word that a page of this origin sent the request
/// (Origin or Sec-Fetch-Site; whichever is there must agree, and one must be there), and the session's own token in
/// `X-CSRF-Token`, which only a page of this origin could read.
public enum CrossSiteGuard {
  /// Throws unless both proofs are there.
  ///
  /// - Parameters:
  ///   - request: the request that the cookie came with.
  ///   - isSecure: whether the browser spoke HTTPS.
  ///   - id: the session that the cookie names.
  ///   - sessions: which know the session's token.
  /// - Throws: 403.
  public static func check(
    _ request: HTTPRequest, isSecure: Bool, session id: SessionID, _ sessions: Sessions
  ) throws(Problem) {
    guard SameOrigin.isProven(request, isSecure: isSecure), let token = request.field("x-csrf-token"),
      sessions.isCSRFToken(token, for: id)
    else { throw .crossSite }
  }
}
