import HTTPRouting
import JSON

extension CerberusWhere {
  /// Reads conditions as they are sent; throws 400 for any other shape.
  init(_ json: JSONValue) throws(Problem) {
    alternatives = []
    switch json.kind {
    case .object: alternatives.append(try Self.members(json, "where"))
    case .array:
      for (index, object) in json.elements.enumerated() {
        alternatives.append(try Self.members(object, "where[\(index)]"))
      }
    default: throw .invalid("where", "must be an object or an array of objects")
    }
  }

  private static func members(_ json: JSONValue, _ path: String) throws(Problem) -> [Member] {
    guard json.kind == .object else { throw .invalid(path, "must be an object") }
    var members: [Member] = []
    for (name, json) in json.members {
      members.append(Member(name: name, value: try value(json, "\(path).\(shown(name))")))
    }
    return members
  }

  private static func value(_ json: JSONValue, _ path: String) throws(Problem) -> Value {
    guard json.kind == .object else { return try scalar(json, path) }
    guard let sign = json["operator"], let value = json["value"], json.count == 2 else {
      throw .invalid(path, "must be a value, or an object with \"operator\" and \"value\" and nothing else")
    }
    guard let sign = sign.string else { throw .invalid("\(path).operator", "must be a string") }
    return .compared(sign, try scalar(value, "\(path).value"))
  }

  private static func scalar(_ json: JSONValue, _ path: String) throws(Problem) -> Value {
    switch json.kind {
    case .null: return .null
    case .string: return .text(json.string ?? "")
    case .number:
      guard let number = json.integer else { throw .invalid(path, "must be a whole number of 64 bits") }
      return .number(number)
    default: throw .invalid(path, "must be a string, a whole number or null")
    }
  }

  /// As much of a name as an error repeats.
  static func shown(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.prefix(100)))
  }
}
