/// What a server answers to a command.
public enum RedisReply: Sendable, Equatable {
  /// Nothing there.
  case null
  /// A number.
  case integer(Int64)
  /// Bytes as they were stored.
  case bytes([UInt8])
  /// A word such as "OK".
  case status(String)
  /// A refusal within an array; one that is the whole answer is thrown instead.
  case error(code: String, text: String)
  /// Several answers.
  case array([RedisReply])
}

extension RedisReply {
  /// The number, also of one that is written in digits; `nil` of anything else.
  public var asInteger: Int64? {
    switch self {
    case .integer(let number): number
    case .bytes(let bytes): Self.number(bytes)
    default: nil
    }
  }

  /// The bytes, also of a status; `nil` of anything else.
  public var asBytes: [UInt8]? {
    switch self {
    case .bytes(let bytes): bytes
    case .status(let text): Array(text.utf8)
    default: nil
    }
  }

  /// The bytes as text, if they are UTF-8; `nil` of anything else.
  public var asText: String? {
    switch self {
    case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
    case .status(let text): text
    default: nil
    }
  }

  /// The members; `nil` of anything but an array.
  public var asArray: [RedisReply]? {
    if case .array(let members) = self { members } else { nil }
  }

  /// Whether it is null.
  public var isNull: Bool { if case .null = self { true } else { false } }

  /// An optional minus and decimal digits, and nothing else.
  private static func number(_ bytes: [UInt8]) -> Int64? {
    guard let first = bytes.first, bytes.count <= 20 else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    let digits = bytes[(isNegative ? 1 : 0)...]
    guard !digits.isEmpty else { return nil }
    // Summed up below zero, where there is one number more.
    var sum: Int64 = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (tenfold, isTooLong) = sum.multipliedReportingOverflow(by: 10)
      let (next, isTooSmall) = tenfold.subtractingReportingOverflow(Int64(digit))
      guard !isTooLong, !isTooSmall else { return nil }
      sum = next
    }
    if isNegative { return sum }
    return sum == .min ? nil : -sum
  }
}
