import HTTPMessages
import HTTPRouting

/// Whether a request was sent by a page of this server's own origin (RFC 6454, Fetch Metadata).
enum SameOrigin {
  /// Whether the browser says that another origin's page sent it.
  ///
  /// Programs that are no browsers say nothing, and pass.
  static func isForeign(_ request: HTTPRequest, isSecure: Bool) -> Bool {
    if request.count(of: "origin") > 0, !hasOwnOrigin(request, isSecure: isSecure) { return true }
    guard request.count(of: "sec-fetch-site") > 0 else { return false }
    guard let site = request.field("sec-fetch-site") else { return true }
    return !site.elementsEqual("same-origin".utf8) && !site.elementsEqual("none".utf8)
  }

  /// Whether the browser vouches that a page of this origin sent it; saying nothing is not enough, and neither is
  /// "none".
  ///
  /// A page of an origin that `listed` lists is as good as one of this server's own, wherever its site is.
  static func isProven(_ request: HTTPRequest, isSecure: Bool, listed: CrossOriginPolicy = .ownPages) -> Bool {
    if listed.lists(request) { return true }
    let hasOrigin = request.count(of: "origin") > 0
    let hasSite = request.count(of: "sec-fetch-site") > 0
    if hasOrigin, !hasOwnOrigin(request, isSecure: isSecure) { return false }
    if hasSite, request.field("sec-fetch-site").map({ $0.elementsEqual("same-origin".utf8) }) != true { return false }
    return hasOrigin || hasSite
  }

  /// Whether Origin is the host by which this server was called, under a scheme that its pages can have.
  ///
  /// Under HTTPS always, as TLS may end in a proxy before this server; under HTTP only if the browser did not speak
  /// HTTPS, as anyone on its way could have written such a page.
  private static func hasOwnOrigin(_ request: HTTPRequest, isSecure: Bool) -> Bool {
    guard let origin = request.field("origin")?.map(lowercased), let host = request.field("host") else { return false }
    func isOwn(_ scheme: String, defaultPort port: String) -> Bool {
      // A browser leaves the default port out of both; other clients may write it.
      let name = host.suffix(port.utf8.count).elementsEqual(port.utf8) ? host.dropLast(port.utf8.count) : host[...]
      return origin == Array(scheme.utf8) + name.map(lowercased)
    }
    return isOwn("https://", defaultPort: ":443") || !isSecure && isOwn("http://", defaultPort: ":80")
  }
}
