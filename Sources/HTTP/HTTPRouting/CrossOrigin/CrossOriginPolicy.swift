public import HTTPMessages

/// Which origins' pages, beside this server's own, may call the routes for users and read the answers (CORS, Fetch
/// standard section 3.3).
///
/// It is about pages alone: who calls still needs the user's token, and a change by cookie the session's own token in
/// `X-CSRF-Token`. Routes for services are never shared. A page whose origin is not listed gets no field that would let
/// its browser show it anything.
public struct CrossOriginPolicy: Sendable, Hashable {
  /// The origins, in lower case.
  public let origins: Set<[UInt8]>

  /// No other origin's: this server's own pages need no leave.
  public static let ownPages = CrossOriginPolicy(listed: [])

  /// The headers that a page may send, beside those that every page may.
  private static let requestFields = "authorization, content-type, if-match, x-csrf-token, x-request-id"
  /// The headers that a page may read, beside those that every page may.
  private static let responseFields = "ETag, Retry-After, X-Request-Id"
  /// How long a browser may remember a permission, in seconds: closing a page's way out takes no longer.
  private static let maxAge = 600

  private init(listed: Set<[UInt8]>) {
    origins = listed
  }

  /// A policy of origins as browsers write them: `scheme://host` or `scheme://host:port`, without a path.
  ///
  /// Letter case doesn't matter. `nil` if one of them is none: a page's origin could never be equal to it, "null" could
  /// be anybody's, and there is no wildcard.
  public init?(origins: [String]) {
    var listed: Set<[UInt8]> = []
    for origin in origins {
      let bytes = origin.utf8.map(Self.lowercased)
      guard Self.isOrigin(bytes) else { return nil }
      listed.insert(bytes)
    }
    self.origins = listed
  }

  /// Whether a text is the origin of a page as this policy can list it.
  public static func isOrigin(_ text: String) -> Bool { isOrigin(text.utf8.map(lowercased)) }

  private static func isOrigin(_ bytes: [UInt8]) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: { bytes.starts(with: $0.utf8) }) else { return false }
    let host = bytes.dropFirst(scheme.utf8.count)
    let mark = host.lastIndex(of: 0x3A).flatMap { host[$0...].contains(0x5D) ? nil : $0 }
    let name = host[..<(mark ?? host.endIndex)]
    if let mark {
      let port = host[(mark + 1)...]
      guard (1...5).contains(port.count), port.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
      // Browsers leave the scheme's own port out.
      guard !port.elementsEqual((scheme == "https://" ? "443" : "80").utf8) else { return false }
    }
    if name.first == 0x5B {
      return name.last == 0x5D && name.count > 2
        && name.dropFirst().dropLast().allSatisfy { $0 == 0x3A || $0 == 0x2E || isHexadecimal($0) }
    }
    return !name.isEmpty
      && name.allSatisfy { $0 == 0x2D || $0 == 0x2E || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
  }

  /// Whether the request says, once, that a page of a listed origin sent it.
  public func lists(_ request: HTTPRequest) -> Bool {
    guard !origins.isEmpty, let origin = request.field("origin") else { return false }
    return origins.contains(origin.map(Self.lowercased))
  }

  /// What an answer to that request says to its browser; nothing unless its page's origin is listed.
  func fields(for request: HTTPRequest) -> [HTTPField] {
    guard lists(request), let origin = request.field("origin") else { return [] }
    return [
      HTTPField(name: Array("Access-Control-Allow-Origin".utf8), value: origin),
      HTTPField("Access-Control-Allow-Credentials", "true"),
      HTTPField("Access-Control-Expose-Headers", Self.responseFields),
      HTTPField("Vary", "Origin"),
    ]
  }

  /// What a browser is told that asks whether a page may send a request (a preflight).
  ///
  /// Nothing unless it asks for one of `methods`, and the page's origin is listed.
  func preflightFields(for request: HTTPRequest, methods: [HTTPMethod]) -> [HTTPField] {
    guard lists(request), let origin = request.field("origin"),
      let asked = request.field("access-control-request-method"),
      methods.contains(where: { $0.rawValue.utf8.elementsEqual(asked) })
    else { return [] }
    return [
      HTTPField(name: Array("Access-Control-Allow-Origin".utf8), value: origin),
      HTTPField("Access-Control-Allow-Credentials", "true"),
      HTTPField("Access-Control-Allow-Methods", methods.map(\.rawValue).joined(separator: ", ")),
      HTTPField("Access-Control-Allow-Headers", Self.requestFields),
      HTTPField("Access-Control-Max-Age", "\(Self.maxAge)"),
      HTTPField("Vary", "Origin"),
    ]
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}

extension Access {
  /// Whether pages of listed origins may call a route of this access.
  var isShared: Bool {
    switch self {
    case .open, .user: true
    case .service: false
    }
  }
}
