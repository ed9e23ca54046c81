import HTTPMessages

/// The API document as a page to read: no script, nothing from elsewhere, an anchor for each operation and schema.
struct DocumentationPage {
  let document: OpenAPIDocument
  let stylePath: String
  let documentPath: String

  /// The page.
  var html: [UInt8] {
    var html = HTMLWriter()
    html.raw("<!DOCTYPE html>\n")
    html.element("html", [("lang", "en")]) { html in
      html.element("head") { html in
        html.void("meta", [("charset", "utf-8")])
        html.void("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
        html.void("meta", [("name", "color-scheme"), ("content", "light dark")])
        html.element("title", "\(document.title.name) HTTP interface")
        html.void("link", [("rel", "stylesheet"), ("href", stylePath)])
      }
      html.element("body") { html in
        html.element("header") { html in writeHeader(into: &html) }
        html.element("nav", [("aria-label", "Operations")]) { html in writeContents(into: &html) }
        html.element("main") { html in writeMain(into: &html) }
      }
    }
    return html.bytes
  }

  private func writeHeader(into html: inout HTMLWriter) {
    html.element("h1", "\(document.title.name) HTTP interface")
    html.element("p", document.title.summary)
    html.element("p") { html in
      html.text("Version \(document.title.version). For programs: ")
      html.element("a", [("href", documentPath)], "the same as OpenAPI 3.1")
    }
  }

  private func writeContents(into html: inout HTMLWriter) {
    for tag in document.tags {
      html.element("h2", tag)
      html.element("ul") { html in
        for operation in document.operations where operation.route.tags.contains(tag) {
          html.element("li") { html in
            html.element("a", [("href", "#\(operation.route.operationID)")]) { html in
              writePath(of: operation, into: &html)
            }
          }
        }
      }
    }
  }

  private func writePath(of operation: OpenAPIDocument.Operation, into html: inout HTMLWriter) {
    html.element("b", [("class", "method")], operation.route.method.rawValue)
    html.text(" ")
    html.element("code", operation.path)
  }

  private func writeMain(into html: inout HTMLWriter) {
    for tag in document.tags {
      html.element("section") { html in
        html.element("h2", tag)
        for operation in document.operations where operation.route.tags.first == tag {
          html.element("article", [("id", operation.route.operationID)]) { html in write(operation, into: &html) }
        }
      }
    }
    html.element("section") { html in
      html.element("h2", "Schemas")
      for (name, schema) in document.namedSchemas {
        html.element("article", [("id", "schema-\(name)")]) { html in
          html.element("h3", name)
          html.write(schema)
        }
      }
    }
  }

  private func write(_ operation: OpenAPIDocument.Operation, into html: inout HTMLWriter) {
    let route = operation.route
    html.element("h3") { html in
      html.element("a", [("href", "#\(route.operationID)")]) { html in writePath(of: operation, into: &html) }
    }
    html.element("p", route.summary)
    html.element("p", [("class", "access")], Self.access(route.access))
    writeParameters("Path", route.parameters.map { ($0.name, $0.schema) }, into: &html)
    writeParameters("Query", route.query.map { ($0.name, $0.schema) }, into: &html)
    writeParameters("Header fields", route.fields.map { ($0.name, $0.schema) }, into: &html)
    if let body = route.body {
      html.element("h4", "Body\(body.isRequired ? "" : ", optional")")
      html.element("p") { html in html.element("code", body.mediaTypes.joined(separator: ", ")) }
      html.write(body.schema)
    }
    html.element("h4", "Answers")
    html.element("dl") { html in
      let problems = operation.problemStatuses
      for answer in route.answers where !problems.contains(answer.status.code) {
        html.element("dt", "\(answer.status.code)")
        html.element("dd") { html in
          html.text(answer.description)
          guard let schema = answer.schema else { return }
          html.text(" ")
          html.write(schema)
        }
      }
      for answer in route.answers where problems.contains(answer.status.code) {
        html.element("dt", "\(answer.status.code)")
        html.element("dd", answer.description)
      }
      html.element("dt", problems.map { "\($0)" }.joined(separator: " "))
      html.element("dd") { html in
        html.text("What went wrong: ")
        html.write(operation.format.schema)
      }
    }
  }

  private func writeParameters(_ title: String, _ parameters: [(String, Schema)], into html: inout HTMLWriter) {
    guard !parameters.isEmpty else { return }
    html.element("h4", title)
    html.element("ul") { html in
      for (name, schema) in parameters {
        html.element("li") { html in
          html.element("code", name)
          html.text(" ")
          html.write(schema)
        }
      }
    }
  }

  private static func access(_ access: Access) -> String {
    switch access {
    case .open: "Open to anyone."
    case .user: "For a user, by the token of their own session: Authorization: Bearer, or the session cookie."
    case .service(let scope): "For a service whose key has the scope \(scope), or a caller in a trusted network."
    }
  }
}
