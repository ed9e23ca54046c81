public import JSON

extension Schema {
  /// The most errors that one check reports; what a client sends must not decide how long the answer is.
  static let errorLimit = 20

  /// What is wrong with `value`, at most twenty errors; empty if it is as the schema says.
  public func errors(in value: JSONValue) -> [MemberError] {
    var errors: [MemberError] = []
    check(value, at: "", into: &errors)
    return errors
  }

  private func check(_ value: JSONValue, at path: String, into errors: inout [MemberError]) {
    guard errors.count < Self.errorLimit else { return }
    if isNullable, value.isNull { return }
    switch shape {
    case .any: return
    case .named(_, let schema): schema.check(value, at: path, into: &errors)
    case .either(let choices):
      var reasons: [String] = []
      for choice in choices {
        var faults: [MemberError] = []
        choice.check(value, at: path, into: &faults)
        guard let first = faults.first else { return }
        reasons.append(first.reason)
      }
      report(Self.joined(reasons))
    case .boolean: if value.boolean == nil { report("must be true or false") }
    case .number: if value.double == nil { report("must be a number") }
    case .integer(let bounds):
      guard let number = value.integer else { return report("must be a whole number") }
      if let reason = Self.reason(number, outside: bounds) { report(reason) }
    case .string(let length, let format, let values):
      guard let text = value.string else { return report("must be a string") }
      if let reason = Self.reason(text, length: length, format: format, values: values) { report(reason) }
    case .array(let element):
      guard value.kind == .array else { return report("must be an array") }
      if isNeverEmpty, value.elements.isEmpty { report("must not be empty") }
      for (index, item) in value.elements.enumerated() { element.check(item, at: "\(path)[\(index)]", into: &errors) }
    case .object(let members, let unknownMembers):
      guard value.kind == .object else { return report("must be an object") }
      if isNeverEmpty, value.members.isEmpty { report("must not be empty") }
      var known = 0
      // By index: a copy of each member that a request leaves out would be most of the cost.
      for index in members.indices {
        if let item = value.member(members[index].name) {
          known += 1
          members[index].schema.check(item, at: place(of: members[index].name), into: &errors)
        } else if members[index].isRequired {
          errors.append(MemberError(place(of: members[index].name), "is missing"))
        }
      }
      // No name comes twice: if all are known, none is left to be looked for.
      guard case .refused = unknownMembers, known < value.count else { return }
      for (name, _) in value.members where !members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
        guard errors.count < Self.errorLimit else { return }
        let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(100)))
        errors.append(MemberError(place(of: shown), "is not known"))
      }
    }

    func place(of member: String) -> String { path.isEmpty ? member : "\(path).\(member)" }

    func report(_ reason: String) { errors.append(MemberError(path, reason)) }
  }
}
