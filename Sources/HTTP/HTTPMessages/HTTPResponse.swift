/// A whole response.
///
/// The server adds Date, Content-Length or Transfer-Encoding, Connection, and those of its standing fields that the
/// response doesn't have itself.
public struct HTTPResponse: Sendable {
  /// The status.
  public var status: HTTPStatus
  /// The header fields in the order sent.
  public var fields: [HTTPField]
  /// The body.
  ///
  /// It is not sent for HEAD (its length is) nor with 204 and 304.
  public var body: [UInt8]
  /// Writes a body whose pieces come to be with time, in place of ``body``.
  ///
  /// It is called when the head has been sent, in the task of the handler that gave the response, and the response ends
  /// when it returns. That task is cancelled when the client hangs up or the server stops. It is not called for HEAD,
  /// nor with 204 and 304.
  public var stream: (@Sendable (inout HTTPBodyWriter) async -> Void)?

  /// A response from its parts.
  public init(status: HTTPStatus, fields: [HTTPField] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// A response whose body is written piece by piece.
  public init(
    status: HTTPStatus = .ok, fields: [HTTPField], stream: @escaping @Sendable (inout HTTPBodyWriter) async -> Void
  ) {
    self.init(status: status, fields: fields)
    self.stream = stream
  }

  /// Whether the status lets it have a body (RFC 9110 section 6.4.1).
  public var mayHaveBody: Bool { status.code >= 200 && status.code != 204 && status.code != 304 }

  /// The value of the first field of that name as text.
  public func field(_ name: StaticString) -> String? {
    fields.first { $0.isNamed(name) }?.text
  }
}
