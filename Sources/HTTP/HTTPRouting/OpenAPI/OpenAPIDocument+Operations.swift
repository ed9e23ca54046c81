import HTTPMessages
import JSON

extension OpenAPIDocument.Operation {
  /// The statuses of errors in the group's shape, that no declared body replaces.
  var problemStatuses: [Int] {
    let declared = route.answers.filter { $0.status.code >= 400 }
    let own = Set(declared.filter { $0.schema != nil }.map(\.status.code))
    return Set(StandardAnswers.statuses(of: route) + declared.map(\.status.code)).subtracting(own).sorted()
  }

  /// The name under which all routes of a format share the answer.
  func problemName(_ status: Int) -> String { "\(format.name)\(status)" }
}

extension OpenAPIDocument {
  /// Writes an operation under its method.
  func write(_ operation: Operation, into json: inout JSONWriter) {
    let route = operation.route
    json.member(route.method.rawValue.lowercased()) { json in
      json.member("operationId", route.operationID)
      json.member("summary", route.summary)
      json.array("tags", of: route.tags) { json, tag in json.string(tag) }
      writeSecurity(route.access, into: &json)
      writeParameters(route, into: &json)
      if let body = route.body {
        json.member("requestBody") { json in
          json.name("required")
          json.boolean(body.isRequired)
          json.member("content") { json in
            for type in body.mediaTypes { writeContent(type, body.schema, into: &json) }
          }
        }
      }
      json.member("responses") { json in writeAnswers(operation, into: &json) }
    }
  }

  private func writeSecurity(_ access: Access, into json: inout JSONWriter) {
    let schemes: [(name: String, roles: [String])] =
      switch access {
      case .open: []
      case .user: [("userToken", []), ("userCookie", [])]
      case .service(let scope): [("serviceKey", [scope])]
      }
    json.array("security", of: schemes) { json, scheme in
      json.object { $0.array(scheme.name, of: scheme.roles) { json, role in json.string(role) } }
    }
  }

  private func writeParameters(_ route: Route, into json: inout JSONWriter) {
    let parameters: [(name: String, place: String, schema: Schema)] =
      route.parameters.map { ($0.name, "path", $0.schema) } + route.query.map { ($0.name, "query", $0.schema) }
      + route.fields.map { ($0.name, "header", $0.schema) }
    guard !parameters.isEmpty else { return }
    json.array("parameters", of: parameters) { json, parameter in
      json.object { json in
        json.member("name", parameter.name)
        json.member("in", parameter.place)
        json.name("required")
        json.boolean(parameter.place == "path")
        if let description = parameter.schema.description { json.member("description", description) }
        json.name("schema")
        parameter.schema.writeForText(into: &json)
      }
    }
  }

  private func writeAnswers(_ operation: Operation, into json: inout JSONWriter) {
    let problems = Set(operation.problemStatuses)
    let declared = operation.route.answers.filter { !problems.contains($0.status.code) }
    for status in Set(declared.map(\.status.code)).union(problems).sorted() {
      let answers = declared.filter { $0.status.code == status }
      json.member("\(status)") { json in
        guard !answers.isEmpty else {
          return json.member("$ref", "#/components/responses/\(operation.problemName(status))")
        }
        json.member("description", answers.map(\.description).joined(separator: " "))
        writeFields(of: status, into: &json)
        let bodies = answers.filter { $0.schema != nil }
        guard !bodies.isEmpty else { return }
        json.member("content") { json in
          for answer in bodies {
            if let schema = answer.schema { writeContent(answer.mediaType, schema, into: &json) }
          }
        }
      }
    }
  }

  /// Writes an answer with a problem; the server itself, which knows no groups, answers some in the standard format.
  func writeProblem(_ status: Int, _ format: ProblemFormat, into json: inout JSONWriter) {
    json.member("description", StandardAnswers.description(of: status))
    writeFields(of: status, into: &json)
    json.member("content") { json in
      writeContent(format.mediaType, format.schema, into: &json)
      let standard = ProblemFormat.standard
      if format.mediaType != standard.mediaType { writeContent(standard.mediaType, standard.schema, into: &json) }
    }
  }

  private func writeFields(of status: Int, into json: inout JSONWriter) {
    json.member("headers") { json in
      json.member("X-Request-Id") { $0.member("$ref", "#/components/headers/RequestID") }
      for field in StandardAnswers.fields(of: status) {
        json.member(field.name) { json in
          json.member("description", field.description)
          json.member("schema") { $0.member("type", "string") }
        }
      }
    }
  }

  private func writeContent(_ mediaType: String, _ schema: Schema, into json: inout JSONWriter) {
    json.member(mediaType) { json in
      json.name("schema")
      schema.write(into: &json)
    }
  }
}
