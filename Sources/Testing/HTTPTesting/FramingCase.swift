/// A request that every server of this project must refuse, and how: part of the conformance suite over raw sockets.
public struct FramingCase: Sendable, CustomStringConvertible {
  /// What is wrong with it.
  public let name: String
  /// The bytes to send.
  public let request: [UInt8]
  /// The status of the answer, after which the server closes.
  public let status: Int
  /// The `code` of the answer.
  public let code: String

  /// A case from its parts.
  public init(_ name: String, _ request: String, _ status: Int, _ code: String) {
    self.name = name
    self.request = Array(request.utf8)
    self.status = status
    self.code = code
  }

  /// The name, as tests print it.
  public var description: String { name }
}
