/// A whole response.
///
/// The server adds Date, Content-Length, Connection and its standing fields.
public struct HTTPResponse: Sendable {
  /// The status.
  public var status: HTTPStatus
  /// The header fields in the order sent.
  public var fields: [HTTPField]
  /// The body.
  ///
  /// It is not sent for HEAD (its length is) nor with 204 and 304.
  public var body: [UInt8]

  /// A response from its parts.
  public init(status: HTTPStatus, fields: [HTTPField] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The value of the first field of that name as text.
  public func field(_ name: StaticString) -> String? {
    fields.first { $0.isNamed(name) }?.text
  }
}
