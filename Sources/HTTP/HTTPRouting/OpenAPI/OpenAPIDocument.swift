import HTTPMessages
import JSON

/// The API document (OpenAPI 3.1) of the routes that are served, made from the very declarations that serve them.
public struct OpenAPIDocument: Sendable {
  /// What the document says of the program itself.
  public struct Title: Sendable {
    /// The program's name.
    public var name: String
    /// Its version.
    public var version: String
    /// What it is for, in a sentence or two.
    public var summary: String
    /// The name of the cookie that carries a user's token.
    public var cookie: String

    /// A title from its parts.
    public init(name: String, version: String, summary: String, cookie: String) {
      self.name = name
      self.version = version
      self.summary = summary
      self.cookie = cookie
    }
  }

  /// A route and where it is in the document.
  struct Operation {
    let route: Route
    let path: String
    let format: ProblemFormat
  }

  let title: Title
  let operations: [Operation]

  /// The document of groups: each route under the first of its group's prefixes.
  public init(_ title: Title, of groups: [RouteGroup]) {
    self.title = title
    operations = groups.flatMap { group in
      group.routes.filter(\.isDocumented).map { route in
        Operation(route: route, path: (group.prefixes.first ?? "") + route.path, format: group.problemFormat)
      }
    }
  }

  /// The chapters, in the order of their first operations.
  var tags: [String] {
    var seen: Set<String> = []
    return operations.flatMap(\.route.tags).filter { seen.insert($0).inserted }
  }

  /// The paths, in the order of their first operations.
  var paths: [String] {
    var seen: Set<String> = []
    return operations.map(\.path).filter { seen.insert($0).inserted }
  }

  /// The document as JSON.
  public var json: [UInt8] {
    var json = JSONWriter(capacity: 64 << 10)
    json.object { json in
      json.member("openapi", "3.1.0")
      json.member("info") { json in
        json.member("title", title.name)
        json.member("version", title.version)
        json.member("description", title.summary)
      }
      json.array("servers", of: ["/"]) { json, url in json.object { $0.member("url", url) } }
      json.array("tags", of: tags) { json, tag in json.object { $0.member("name", tag) } }
      json.member("paths") { json in
        for path in paths {
          json.member(path) { json in
            for operation in operations where operation.path == path { write(operation, into: &json) }
          }
        }
      }
      json.member("components") { json in writeComponents(into: &json) }
    }
    return json.bytes
  }

  private func writeComponents(into json: inout JSONWriter) {
    json.member("schemas") { json in
      for (name, schema) in namedSchemas {
        json.name(name)
        schema.write(into: &json)
      }
    }
    json.member("responses") { json in
      for (name, operation, status) in problems {
        json.member(name) { json in writeProblem(status, operation.format, into: &json) }
      }
    }
    json.member("headers") { json in
      json.member("RequestID") { json in
        json.member("description", "The request's own X-Request-Id if it can be one, else one that was made.")
        json.member("schema") { $0.member("type", "string") }
      }
    }
    json.member("securitySchemes") { json in
      json.member("serviceKey") { json in
        json.member("type", "http")
        json.member("scheme", "bearer")
        json.member("description", "A service's key, ssk_… Callers in trusted networks need none.")
      }
      json.member("userToken") { json in
        json.member("type", "http")
        json.member("scheme", "bearer")
        json.member("description", "A user's own token, sst_…")
      }
      json.member("userCookie") { json in
        json.member("type", "apiKey")
        json.member("in", "cookie")
        json.member("name", title.cookie)
        json.member(
          "description", "The same token in the session cookie; a change needs the session's X-CSRF-Token, too.")
      }
    }
  }

  /// The shared answers with problems, each once, by name.
  private var problems: [(name: String, operation: Operation, status: Int)] {
    var found: [String: (Operation, Int)] = [:]
    for operation in operations {
      for status in operation.problemStatuses { found[operation.problemName(status)] = (operation, status) }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value.0, $0.value.1) }
  }

  /// All schemas that have names, by name.
  var namedSchemas: [(String, Schema)] {
    var found: [String: Schema] = [:]
    ProblemFormat.standard.schema.collectNamed(into: &found)
    for operation in operations {
      let route = operation.route
      let schemas =
        route.parameters.map(\.schema) + route.query.map(\.schema) + route.answers.compactMap(\.schema)
        + [route.body?.schema, operation.format.schema].compactMap { $0 }
      for schema in schemas { schema.collectNamed(into: &found) }
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
