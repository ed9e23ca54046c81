import JSON

extension Schema {
  /// Writes it as JSON Schema (2020-12, as OpenAPI 3.1 has it), with a reference for a schema that has a name.
  func write(into json: inout JSONWriter) {
    json.object { json in writeMembers(into: &json) }
  }

  private func writeMembers(into json: inout JSONWriter) {
    if case .named(let name, let schema) = shape {
      let reference = "#/components/schemas/\(name)"
      if isNullable || schema.isNullable {
        json.array("anyOf", of: [("$ref", reference), ("type", "null")]) { json, choice in
          json.object { $0.member(choice.0, choice.1) }
        }
      } else {
        json.member("$ref", reference)
      }
      if let description { json.member("description", description) }
      return
    }
    writeType(into: &json)
    if let description { json.member("description", description) }
    switch shape {
    case .string(let length, let format, let values):
      writeText(length, format, values, into: &json)
    case .integer(let bounds):
      // Always written: numbers beyond 64 bits are whole numbers to JSON Schema, and are not taken here.
      json.name("minimum")
      json.integer(bounds.lowerBound)
      json.name("maximum")
      json.integer(bounds.upperBound)
    case .array(let element):
      json.name("items")
      element.write(into: &json)
      if isNeverEmpty { writeNeverEmpty("minItems", into: &json) }
    case .object(let members, let unknownMembers):
      writeMembers(members, unknownMembers, into: &json)
      if isNeverEmpty { writeNeverEmpty("minProperties", into: &json) }
      if !rules.isEmpty { json.array("allOf", of: rules) { json, rule in rule.write(into: &json) } }
    case .either(let choices):
      json.name("anyOf")
      json.beginArray()
      for choice in choices { choice.write(into: &json) }
      if isNullable { json.object { $0.member("type", "null") } }
      json.endArray()
    case .number, .boolean, .any, .named: break
    }
  }

  private func writeNeverEmpty(_ name: String, into json: inout JSONWriter) {
    json.name(name)
    json.integer(1)
  }

  private func writeType(into json: inout JSONWriter) {
    guard let type = typeName else { return }
    if isNullable {
      json.array("type", of: [type, "null"]) { json, name in json.string(name) }
    } else {
      json.member("type", type)
    }
  }

  /// The name of the JSON type; `nil` if any will do.
  var typeName: String? {
    switch shape {
    case .string: "string"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .array: "array"
    case .object: "object"
    case .any, .either: nil
    case .named(_, let schema): schema.typeName
    }
  }

  private func writeText(
    _ length: ClosedRange<Int>, _ format: String?, _ values: [String], into json: inout JSONWriter
  ) {
    if !values.isEmpty {
      json.name("enum")
      json.beginArray()
      for value in values { json.string(value) }
      if isNullable { json.null() }
      json.endArray()
      return
    }
    if length.lowerBound > 0 {
      json.name("minLength")
      json.integer(Int64(length.lowerBound))
    }
    if length.upperBound < Int.max {
      json.name("maxLength")
      json.integer(Int64(length.upperBound))
    }
    if let format { json.member("format", format) }
    if format == nil || pattern != nil { json.member("pattern", pattern ?? #"^[^\u0000]*$"#) }
  }

  private func writeMembers(_ members: [Member], _ unknown: UnknownMembers, into json: inout JSONWriter) {
    json.member("properties") { json in
      for member in members {
        json.name(member.name)
        member.schema.write(into: &json)
      }
    }
    let required = members.filter(\.isRequired).map(\.name)
    if !required.isEmpty { json.array("required", of: required) { json, name in json.string(name) } }
    if case .refused = unknown {
      json.name("additionalProperties")
      json.boolean(false)
    }
  }

  /// Writes it as the schema of a parameter, whose text is all there is: "any" is any text.
  func writeForText(into json: inout JSONWriter) {
    if case .any = shape { return json.object { $0.member("type", "string") } }
    var plain = self
    plain.description = nil
    plain.write(into: &json)
  }

  /// Adds each schema inside that has a name, under it.
  func collectNamed(into found: inout [String: Schema]) {
    switch shape {
    case .named(let name, let schema):
      guard found[name] == nil else { return }
      var plain = schema
      plain.isNullable = false
      found[name] = plain
      schema.collectNamed(into: &found)
    case .array(let element): element.collectNamed(into: &found)
    case .object(let members, _): for member in members { member.schema.collectNamed(into: &found) }
    case .either(let choices): for choice in choices { choice.collectNamed(into: &found) }
    case .string, .integer, .number, .boolean, .any: break
    }
  }
}
