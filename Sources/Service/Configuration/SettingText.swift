/// A setting's value as it was given, before its type is known.
enum SettingText: Sendable {
  /// From a flag, the environment or a default: untyped.
  case plain(String)
  /// From a file: a string.
  case string(String)
  /// From a file: an integer.
  case integer(Int64)
  /// From a file: a boolean.
  case boolean(Bool)
  /// From a file: an array of strings; from flags that were repeated.
  case list([String])
  /// From a file: what no setting is.
  case other

  /// The text of what may be written as a string in a file.
  var text: String? {
    switch self {
    case .plain(let text), .string(let text): text
    default: nil
    }
  }

  /// The value as text for a person.
  var shown: String {
    switch self {
    case .plain(let text), .string(let text): text
    case .integer(let number): "\(number)"
    case .boolean(let value): "\(value)"
    case .list(let list): list.joined(separator: ", ")
    case .other: ""
    }
  }
}
