/// A value of a BSON document (https://bsonspec.org/spec.html), of the kinds that are of use here.
public enum BSONValue: Sendable, Equatable {
  /// A text; U+0000 in it is fine.
  case string(String)
  /// A text that is given as its bytes, which must be UTF-8; read back as ``string(_:)``.
  case utf8([UInt8])
  /// A small number.
  case int32(Int32)
  /// A number.
  case int64(Int64)
  /// A floating-point number.
  case double(Double)
  /// A truth value.
  case bool(Bool)
  /// A time in milliseconds since 1970 UTC.
  case date(Int64)
  /// Bytes, of the generic kind; those of other kinds are read so, too.
  case binary([UInt8])
  /// A document.
  case document(BSONDocument)
  /// A list.
  case array([BSONValue])
  /// Nothing, said aloud.
  case null
  /// A value of another kind, as its bytes.
  case other(kind: UInt8, [UInt8])
}

extension BSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A number of 32 bits, as commands and sort orders have them.
  public init(integerLiteral value: Int32) { self = .int32(value) }
}

extension BSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  /// A document.
  public init(dictionaryLiteral elements: (String, BSONValue)...) { self = .document(BSONDocument(elements)) }
  /// A list.
  public init(arrayLiteral elements: BSONValue...) { self = .array(elements) }
}

extension BSONValue {
  /// The text; `nil` for any other kind.
  public var text: String? { if case .string(let text) = self { text } else { nil } }
  /// The number, whether of 32 or of 64 bits, or a floating-point number that is whole; `nil` for any other kind.
  public var int: Int64? {
    switch self {
    case .int32(let number): Int64(number)
    case .int64(let number): number
    case .double(let number): Int64(exactly: number)
    default: nil
    }
  }
  /// The truth value; `nil` for any other kind.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The time in milliseconds since 1970 UTC; `nil` for any other kind.
  public var date: Int64? { if case .date(let time) = self { time } else { nil } }
  /// The document; `nil` for any other kind.
  public var document: BSONDocument? { if case .document(let document) = self { document } else { nil } }
  /// The list; `nil` for any other kind.
  public var array: [BSONValue]? { if case .array(let values) = self { values } else { nil } }
  /// The bytes; `nil` for any other kind.
  public var binary: [UInt8]? { if case .binary(let bytes) = self { bytes } else { nil } }
}
