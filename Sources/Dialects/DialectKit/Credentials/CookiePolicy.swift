public import HTTPMessages
public import SessionCore

/// The session cookie: its name, and how it is set, cleared and read.
///
/// Always HttpOnly, Path=/ and without Domain, and by default Secure, as the `__Host-` prefix asks for (RFC 6265bis
/// section 4.1.3.2): no other host, and no page without TLS, can set it.
public struct CookiePolicy: Sendable {
  /// Which requests from other sites carry the cookie (RFC 6265bis section 5.6.7).
  public enum SameSite: String, Sendable {
    /// None.
    case strict = "Strict"
    /// Those that follow a link to this site.
    case lax = "Lax"
    /// All.
    case none = "None"
  }

  /// The name.
  public let name: String
  private let nameBytes: [UInt8]
  private let attributes: String

  /// A cookie of a name; one that is not a token (RFC 6265 section 4.1.1) is a misuse and traps.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - isSecure: whether browsers send it over HTTPS only.
  ///   - sameSite: which requests from other sites carry it.
  public init(name: String = "__Host-sesame", isSecure: Bool = true, sameSite: SameSite = .lax) {
    precondition(!name.isEmpty && name.utf8.allSatisfy(HTTPField.isTokenByte), "a cookie's name is a token")
    self.name = name
    nameBytes = Array(name.utf8)
    attributes = "; Path=/\(isSecure ? "; Secure" : ""); HttpOnly; SameSite=\(sameSite.rawValue)"
  }

  /// The field that gives the cookie to a browser.
  ///
  /// - Parameters:
  ///   - token: the session's token.
  ///   - maxAge: how long the browser keeps it; `nil` until it is closed.
  /// - Returns: a Set-Cookie field.
  public func setting(_ token: SessionToken, maxAge: TimeSpan?) -> HTTPField {
    setting(value: token.text, maxAge: maxAge)
  }

  /// The field that gives a browser the cookie with another value than a token, of characters that base64url has.
  public func setting(value: [UInt8], maxAge: TimeSpan?) -> HTTPField {
    let age = maxAge.map { "; Max-Age=\($0.milliseconds / 1000)" } ?? ""
    return HTTPField("Set-Cookie", "\(name)=\(String(decoding: value, as: UTF8.self))\(attributes)\(age)")
  }

  /// The field that takes the cookie away.
  public var clearing: HTTPField { HTTPField("Set-Cookie", "\(name)=\(attributes); Max-Age=0") }

  /// The value of the cookie; `nil` if there is none, or more than one: which of them is the user's own can't be told.
  ///
  /// The name is compared as bytes, in its letter case, and only spaces and tabs are trimmed: nothing that merely looks
  /// alike counts.
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

  /// Where the value of the cookie lies, found without allocating: the number of its field, and its place there.
  ///
  /// `nil` if that is not plain to see; ``value(in:)`` must decide.
  public func place(in request: borrowing HTTPRequestView) -> (field: Int, value: Range<Int>)? {
    let (count, field) = request.find("cookie")
    guard count == 1 else { return nil }
    let bytes = unsafe request.fieldValue(field)
    var found: Range<Int>?
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, unsafe bytes[end] != 0x3B { end += 1 }
      var (lower, upper) = (start, end)
      while lower < upper, unsafe Bytes.isSpace(bytes[lower]) { lower += 1 }
      while lower < upper, unsafe Bytes.isSpace(bytes[upper - 1]) { upper -= 1 }
      if unsafe isNamed(bytes, lower..<upper) {
        if found != nil { return nil }
        found = lower + nameBytes.count + 1..<upper
      }
      start = end + 1
    }
    return found.map { (field, $0) }
  }

  /// Whether a pair begins with the name and "=".
  private func isNamed(_ bytes: UnsafeRawBufferPointer, _ pair: Range<Int>) -> Bool {
    guard pair.count > nameBytes.count, unsafe bytes[pair.lowerBound + nameBytes.count] == 0x3D else { return false }
    for index in nameBytes.indices where unsafe bytes[pair.lowerBound + index] != nameBytes[index] { return false }
    return true
  }
}
