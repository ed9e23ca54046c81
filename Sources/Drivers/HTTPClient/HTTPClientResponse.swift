/// What a server answered, whatever its status.
public struct HTTPClientResponse: Sendable, Equatable {
  /// The three-digit status; a redirect is a status like any other.
  public let status: Int
  /// The Content-Type as it was sent.
  public let contentType: String?
  /// The body as it was sent: whole, and never decompressed.
  public let body: [UInt8]
}
