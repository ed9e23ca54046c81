/// Conditions of `listSome`: members that must all hold, or several such objects of which one must.
///
/// `["user": 7, "created": .compared(">=", "2026-01-01T00:00:00Z")]` asks for both; an array of such, for either.
///
/// The fields are those of the rows, `users__id` and `users__created`. A value is compared for equality, or by an
/// operator: = != < <= > >=. Times are milliseconds since 1970 UTC, RFC 3339, or "now()". `nil`, with = and !=, stands
/// for no value; otherwise what has no value meets no comparison.
public struct CerberusWhere: Sendable, Equatable {
  /// One member.
  struct Member: Sendable, Equatable {
    var name: String
    var value: Value
  }

  /// What a field is compared with.
  public indirect enum Value: Sendable, Equatable {
    /// A text.
    case text(String)
    /// A whole number.
    case number(Int64)
    /// No value.
    case null
    /// A value and the operator to compare with.
    case compared(String, Value)
  }

  /// The objects of which one must hold.
  var alternatives: [[Member]]
}

extension CerberusWhere: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  /// One object; without members, every session meets it.
  public init(dictionaryLiteral members: (String, Value)...) {
    alternatives = [members.map { Member(name: $0.0, value: $0.1) }]
  }

  /// Several objects; none at all are refused when the list is asked for.
  public init(arrayLiteral objects: CerberusWhere...) {
    alternatives = objects.flatMap(\.alternatives)
  }
}

extension CerberusWhere.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A number.
  public init(integerLiteral value: Int64) { self = .number(value) }
  /// No value.
  public init(nilLiteral: ()) { self = .null }
}
