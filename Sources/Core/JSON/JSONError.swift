/// A text that is not accepted as JSON.
public struct JSONError: Error, Sendable {
  /// What is wrong with the text.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// Not JSON by RFC 8259, something behind the value, or an escape that is half of a surrogate pair.
    case syntax
    /// Not UTF-8, or a byte order mark.
    case encoding
    /// Arrays and objects too deep inside one another.
    case depth
    /// Too long.
    case size
    /// A name twice in one object.
    case duplicateName
    /// Not a number by RFC 8259, an integer beyond 64 bits, or a number beyond the range of a double.
    case number
    /// Nothing but white space.
    case empty
  }

  /// What is wrong with the text.
  public let code: Code
  /// A sentence fit for a client, which repeats nothing of the text.
  public let description: String
  /// Where in the text the fault is, counted in bytes from 0, or `nil` when that is not known.
  public let offset: Int?

  /// An error; the offset is added to the sentence.
  init(_ code: Code, _ sentence: String, offset: Int? = nil) {
    self.code = code
    self.offset = offset
    self.description = offset.map { "\(sentence) (at byte \($0))." } ?? "\(sentence)."
  }
}

extension JSONError: CustomStringConvertible {}
