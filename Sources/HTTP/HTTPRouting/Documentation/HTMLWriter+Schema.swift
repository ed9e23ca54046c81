extension HTMLWriter {
  /// Writes what a value may be: its type and bounds, its description, and the members of an object as a list.
  mutating func write(_ schema: Schema) {
    element("span", [("class", "type")]) { html in html.writeType(schema) }
    if let description = schema.description {
      text(" ")
      element("span", description)
    }
    writeMembers(of: schema)
  }

  private mutating func writeType(_ schema: Schema) {
    switch schema.shape {
    case .named(let name, _): element("a", [("href", "#schema-\(name)")], name)
    case .array(let element):
      text("array of ")
      writeType(element)
    case .any: text("any")
    case .either(let choices):
      for (index, choice) in choices.enumerated() {
        if index > 0 { text(" or ") }
        writeType(choice)
      }
    case .object, .number, .boolean: text(schema.typeName ?? "")
    case .integer(let bounds): text("integer\(Self.suffix(bounds, none: Int64.min...Int64.max))")
    case .string(let length, let format, let values):
      if values.isEmpty {
        text("\(format ?? "string")\(Self.suffix(length, none: 0...Int.max))")
      } else {
        text(values.map { "\"\($0)\"" }.joined(separator: " or "))
      }
    }
    if schema.isNullable { text(" or null") }
  }

  /// The bounds that are not those of every value.
  private static func suffix<Bound>(_ bounds: ClosedRange<Bound>, none: ClosedRange<Bound>) -> String {
    switch (bounds.lowerBound == none.lowerBound, bounds.upperBound == none.upperBound) {
    case (true, true): ""
    case (false, true): ", at least \(bounds.lowerBound)"
    case (true, false): ", at most \(bounds.upperBound)"
    case (false, false): ", \(bounds.lowerBound) to \(bounds.upperBound)"
    }
  }

  private mutating func writeMembers(of schema: Schema) {
    switch schema.shape {
    case .array(let element): writeMembers(of: element)
    case .object(let members, _):
      guard !members.isEmpty else { return }
      element("ul") { html in
        for member in members {
          html.element("li") { html in
            html.element("code", member.name)
            html.text(member.isRequired ? " required, " : " ")
            html.write(member.schema)
          }
        }
      }
    case .either(let choices): for choice in choices { writeMembers(of: choice) }
    case .string, .integer, .number, .boolean, .any, .named: break
    }
  }
}
