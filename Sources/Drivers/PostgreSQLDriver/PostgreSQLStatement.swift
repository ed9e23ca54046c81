/// A statement, or a part of one, with the values of its parameters.
///
/// What is interpolated is bound, never part of the text:
///
/// ```swift
/// let statement: PostgreSQLStatement = "SELECT name FROM person WHERE id = \(id) AND \(condition)"
/// ```
///
/// Another statement is taken in with its values, and a text of one's own with `\(raw: text)`. Statements are prepared
/// once and kept by their text, so that texts must be put together from few fixed pieces. Each parameter is declared
/// with its type: `bigint` for numbers, `text` for texts.
public struct PostgreSQLStatement: Sendable, ExpressibleByStringInterpolation {
  /// The text before the first value, between each two, and after the last.
  private var pieces: [String]
  /// The values.
  private(set) var values: [PostgreSQLValue]

  /// A text as it is, without values.
  public init(stringLiteral text: String) {
    pieces = [text]
    values = []
  }

  /// A text with values.
  public init(stringInterpolation: Interpolation) { self = stringInterpolation.statement }

  /// The text, with `$1` and so on for the values.
  public var sql: String {
    var sql = pieces[0]
    for (index, value) in values.enumerated() { sql += "$\(index + 1)::\(value.type)\(pieces[index + 1])" }
    return sql
  }

  /// About how many bytes it takes on the way to the server, once it is prepared.
  var size: Int { values.reduce(48) { $0 + $1.size } }

  /// Adds another one at the end.
  public mutating func append(_ other: PostgreSQLStatement) {
    pieces[pieces.count - 1] += other.pieces[0]
    pieces += other.pieces.dropFirst()
    values += other.values
  }

  /// Several as one, with `separator` between them.
  public static func joined(_ parts: [PostgreSQLStatement], by separator: PostgreSQLStatement) -> PostgreSQLStatement {
    var joined: PostgreSQLStatement = ""
    for (index, part) in parts.enumerated() {
      if index > 0 { joined.append(separator) }
      joined.append(part)
    }
    return joined
  }
}

extension PostgreSQLStatement {
  /// Puts a statement together.
  public struct Interpolation: StringInterpolationProtocol, Sendable {
    fileprivate var statement: PostgreSQLStatement = ""

    /// An empty one.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// A piece of the text.
    public mutating func appendLiteral(_ literal: String) { appendInterpolation(raw: literal) }

    /// A text as it is: for words of one's own, never for values.
    public mutating func appendInterpolation(raw text: String) { statement.append(.init(stringLiteral: text)) }

    /// Another statement, with its values.
    public mutating func appendInterpolation(_ other: PostgreSQLStatement) { statement.append(other) }

    /// A value.
    public mutating func appendInterpolation(_ value: PostgreSQLValue) {
      statement.values.append(value)
      statement.pieces.append("")
    }

    /// A number, or NULL.
    public mutating func appendInterpolation(_ number: Int64?) { appendInterpolation(PostgreSQLValue.integer(number)) }

    /// A truth value.
    public mutating func appendInterpolation(_ isTrue: Bool) { appendInterpolation(PostgreSQLValue.boolean(isTrue)) }

    /// A text, or NULL.
    public mutating func appendInterpolation(_ text: String?) {
      appendInterpolation(PostgreSQLValue.text(text.map { Array($0.utf8) }))
    }

    /// A text that is given as its UTF-8 bytes, or NULL.
    public mutating func appendInterpolation(utf8 bytes: [UInt8]?) {
      appendInterpolation(PostgreSQLValue.text(bytes))
    }
  }
}
