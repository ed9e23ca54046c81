/// A whole request, owned: what a handler of the slow path gets.
public struct HTTPRequest: Sendable {
  /// The method.
  public var method: HTTPMethod
  /// The path of the target, still percent-encoded, beginning with "/".
  public var path: [UInt8]
  /// The query of the target without its "?", still percent-encoded; `nil` if there is no "?".
  public var query: [UInt8]?
  /// The header fields in the order received.
  public var fields: [HTTPField]
  /// The body, decoded from its chunks; empty if there is none.
  public var body: [UInt8]
  /// Who sent it.
  public var peer: HTTPPeer
  /// Whether it came over TLS.
  public var isSecure: Bool

  /// A request from its parts; `target` is a path with or without a query.
  public init(
    method: HTTPMethod, target: String, fields: [HTTPField] = [], body: [UInt8] = [],
    peer: HTTPPeer = .network(address: "127.0.0.1", port: 0), isSecure: Bool = false
  ) {
    let bytes = Array(target.utf8)
    let mark = bytes.firstIndex(of: 0x3F) ?? bytes.endIndex
    self.init(
      method: method, path: Array(bytes[..<mark]),
      query: mark < bytes.endIndex ? Array(bytes[(mark + 1)...]) : nil, fields: fields, body: body, peer: peer,
      isSecure: isSecure)
  }

  init(
    method: HTTPMethod, path: [UInt8], query: [UInt8]?, fields: [HTTPField], body: [UInt8], peer: HTTPPeer,
    isSecure: Bool
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
    self.peer = peer
    self.isSecure = isSecure
  }

  /// The value of the only field of that name; `nil` if there is none or more than one.
  public func field(_ name: StaticString) -> [UInt8]? {
    var found: [UInt8]?
    for field in fields where field.isNamed(name) {
      if found != nil { return nil }
      found = field.value
    }
    return found
  }

  /// How many fields have that name.
  public func count(of name: StaticString) -> Int {
    fields.count { $0.isNamed(name) }
  }
}
