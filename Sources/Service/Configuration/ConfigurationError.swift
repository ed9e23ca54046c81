/// Settings that are not accepted.
public struct ConfigurationError: Error, Sendable {
  /// What is wrong.
  @nonexhaustive
  public enum Code: String, Sendable {
    /// A setting or flag that does not exist.
    case unknownSetting
    /// A value of the wrong type, out of its bounds, or one that contradicts another.
    case wrongValue
    /// A file that can't be read.
    case unreadableFile
    /// A file that is not TOML.
    case syntax
    /// A command line that is put together wrongly.
    case wrongUse
  }

  /// What is wrong.
  public let code: Code
  /// A sentence that says where, and what would be right; it never repeats a value, which could hold a password.
  public let description: String
  /// The line of the file, counted from 1, or `nil` where there is none.
  public let line: Int?

  init(_ code: Code, _ description: String, line: Int? = nil) {
    self.code = code
    self.description = description
    self.line = line
  }
}

extension ConfigurationError: CustomStringConvertible {}
