public import JSON
public import SessionCore

extension JSONValue {
  /// The text of a string, to be compared by its bytes; `nil` for any other value.
  public var exactText: ExactText? { string.map { ExactText($0) } }

  /// The value as a session keeps it; `null` is nothing to keep.
  public var contents: JSONText? { isNull ? nil : text }
}
