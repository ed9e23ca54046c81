public import HTTPMessages

/// Bytes that never change while the server runs, served with an entity tag.
public struct StaticAsset: Sendable {
  private let fields: [HTTPField]
  private let tag: String
  private let bytes: [UInt8]

  /// An asset.
  ///
  /// - Parameters:
  ///   - mediaType: what it is, as Content-Type says it.
  ///   - bytes: all of it.
  ///   - policy: its Content-Security-Policy; `nil` leaves it to the server.
  ///   - isKept: whether browsers may keep a copy, and ask each time whether it still is the one; else the server says.
  public init(_ mediaType: String, _ bytes: [UInt8], policy: String? = nil, isKept: Bool = false) {
    self.bytes = bytes
    // Nobody gains by two assets with one tag, so FNV-1a will do.
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    tag = "\"\(String(hash, radix: 36))\""
    var fields = [HTTPField("Content-Type", mediaType), HTTPField("ETag", tag)]
    if let policy { fields.append(HTTPField("Content-Security-Policy", policy)) }
    if isKept { fields.append(HTTPField("Cache-Control", "no-cache")) }
    self.fields = fields
  }

  /// It, or 304 if the copy that the request names is the same.
  public func answer(to request: HTTPRequest) -> HTTPResponse {
    let known = request.fields.filter { $0.isNamed("if-none-match") }.flatMap { $0.value.split(separator: 0x2C) }
    let isKnown = known.contains { $0.filter { $0 != 0x20 && $0 != 0x09 }.elementsEqual(tag.utf8) }
    return isKnown
      ? HTTPResponse(status: HTTPStatus(304), fields: Array(fields.dropFirst()))
      : HTTPResponse(status: .ok, fields: fields, body: bytes)
  }
}
