/// One word of a command, byte for byte as the server gets it.
public struct RedisArgument: Sendable, Equatable {
  /// The bytes; any are allowed.
  public let bytes: [UInt8]

  /// Takes bytes as they are.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Takes a text's UTF-8.
  public init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  /// Takes a number's decimal digits.
  public init(_ number: some BinaryInteger) { bytes = Array(String(number).utf8) }
}

extension RedisArgument: ExpressibleByStringLiteral {
  /// Takes a literal's UTF-8.
  public init(stringLiteral text: String) { self.init(text) }
}

extension RedisArgument: ExpressibleByStringInterpolation {}

extension RedisArgument: ExpressibleByIntegerLiteral {
  /// Takes a literal's decimal digits.
  public init(integerLiteral number: Int64) { self.init(number) }
}
