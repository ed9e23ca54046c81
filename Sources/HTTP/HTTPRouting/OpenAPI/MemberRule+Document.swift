import JSON

extension MemberRule {
  /// Writes it as JSON Schema.
  func write(into json: inout JSONWriter) {
    json.object { json in
      switch self {
      case .notTogether(let first, let second):
        json.member("not") { $0.array("required", of: [first, second]) { json, name in json.string(name) } }
      case .needs(let first, let second):
        json.member("dependentRequired") { $0.array(first, of: [second]) { json, name in json.string(name) } }
      case .anyOf(let lists):
        json.array("anyOf", of: lists) { json, list in
          json.object { $0.array("required", of: list) { json, name in json.string(name) } }
        }
      case .alone(let name):
        json.member("if") { $0.array("required", of: [name]) { json, name in json.string(name) } }
        json.member("then") { json in
          json.name("maxProperties")
          json.integer(1)
        }
      }
    }
  }
}
