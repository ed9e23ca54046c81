/// One response as it came over the wire, read strictly.
public struct HTTPReply: Sendable, Equatable {
  /// The three-digit status.
  public let status: Int
  /// The names, in lower case, and values of the header fields, in the order received.
  public let fields: [(name: String, value: String)]
  /// The body, decoded from Content-Length.
  public let body: [UInt8]

  /// A reply from its parts.
  public init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The value of the only field of that name, given in lower case; `nil` if there is none or more than one.
  public func field(_ name: String) -> String? {
    let found = fields.filter { $0.name == name }
    return found.count == 1 ? found[0].value : nil
  }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// Whether status, fields and body are equal.
  public static func == (left: HTTPReply, right: HTTPReply) -> Bool {
    left.status == right.status && left.body == right.body
      && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
  }
}
