public import HTTPMessages
public import SessionCore

/// The session cookie: its name, and how it is set, cleared and read.
///
/// Always Secure, HttpOnly, SameSite=Lax, Path=/ and without Domain, as the `__Host-` prefix asks for (RFC 6265bis section
/// 4.1.3.2): no other host, and no page without TLS, can set it.
public struct CookiePolicy: Sendable {
  /// The name.
  public let name: String

  /// A cookie of a name; one that is not a token (RFC 6265 section 4.1.1) is a misuse and traps.
  public init(name: String = "__Host-sesame") {
    precondition(!name.isEmpty && name.utf8.allSatisfy(HTTPField.isTokenByte), "a cookie's name is a token")
    self.name = name
  }

  /// The field that gives the cookie to a browser.
  ///
  /// - Parameters:
  ///   - token: the session's token.
  ///   - maxAge: how long the browser keeps it; `nil` until it is closed.
  /// - Returns: a Set-Cookie field.
  public func setting(_ token: SessionToken, maxAge: TimeSpan?) -> HTTPField {
    let age = maxAge.map { "; Max-Age=\($0.milliseconds / 1000)" } ?? ""
    return HTTPField("Set-Cookie", "\(name)=\(String(decoding: token.text, as: UTF8.self))\(attributes)\(age)")
  }

  /// The field that takes the cookie away.
  public var clearing: HTTPField { HTTPField("Set-Cookie", "\(name)=\(attributes); Max-Age=0") }

  private var attributes: String { "; Path=/; Secure; HttpOnly; SameSite=Lax" }

  /// The value of the cookie; `nil` if there is none, or more than one: which of them is the user's own can't be told.
  ///
  /// The name is compared as bytes, in its letter case, and only spaces and tabs are trimmed: nothing that merely looks alike
  /// counts.
  public func value(in request: HTTPRequest) -> [UInt8]? {
    var found: ArraySlice<UInt8>?
    for field in request.fields where field.isNamed("cookie") {
      for pair in field.value.split(separator: 0x3B) {
        let pair = Bytes.trimmed(pair)
        guard let mark = pair.firstIndex(of: 0x3D), pair[..<mark].elementsEqual(name.utf8) else { continue }
        if found != nil { return nil }
        found = pair[(mark + 1)...]
      }
    }
    return found.map(Array.init)
  }
}
