import HTTPRouting
import JSON

/// A truth value as JSON has it, or as forms write it.
enum LooseBoolean {
  static func schema(_ description: String) -> Schema {
    .either(
      .boolean(), .oneOf(["true", "false", "1", "0"]), .integer(in: 0...1), description: description)
  }

  /// The value that a checked member stands for.
  static func value(_ member: JSONValue) -> Bool? {
    if let value = member.boolean { return value }
    if let number = member.integer { return number == 1 }
    return switch member.string {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }
}
