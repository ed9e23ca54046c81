import HTTPMessages
import HTTPRouting
import JSON
import Testing

@Suite struct DocumentTests {
  private let title = OpenAPIDocument.Title(name: "Sesame", version: "1", summary: "Sessions.", cookie: "__Host-sesame")

  @Test("the document has every route under its method, and nothing else")
  func complete() async throws {
    let groups = try await APIWorld().router.groups
    let document = try JSONDocument(parsing: OpenAPIDocument(title, of: groups).json, limits: .widest)
    var described: Set<String> = []
    for (path, item) in document.root["paths"]?.members ?? [] {
      for (method, operation) in item.members {
        described.insert("\(method.uppercased()) \(path) \(operation["operationId"]?.string ?? "-")")
      }
    }
    let declared = groups.flatMap { group in
      group.routes.filter(\.isDocumented).map { route in
        "\(route.method.rawValue) \(group.prefixes.first ?? "")\(route.path) \(route.operationID)"
      }
    }
    #expect(described == Set(declared) && declared.count == described.count)
    #expect(Set(groups.flatMap(\.routes).map(\.operationID)).count == groups.flatMap(\.routes).count)
  }

  @Test("every reference in the document leads somewhere, and every path parameter is described")
  func references() async throws {
    let groups = try await APIWorld().router.groups
    let document = try JSONDocument(parsing: OpenAPIDocument(title, of: groups).json, limits: .widest)
    var references: Set<String> = []
    func collect(_ value: JSONValue) {
      for (name, member) in value.members {
        if name == "$ref", let reference = member.string { references.insert(reference) }
        collect(member)
      }
      for element in value.elements { collect(element) }
    }
    collect(document.root)
    #expect(references.count > 20)
    for reference in references {
      let parts = reference.split(separator: "/").map(String.init)
      #expect(parts.first == "#")
      let target = parts.dropFirst().reduce(document.root as JSONValue?) { $0?.member($1) }
      #expect(target != nil, "\(reference)")
    }
    for (path, item) in document.root["paths"]?.members ?? [] {
      let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
      for (_, operation) in item.members {
        let described = (operation["parameters"]?.elements ?? []).filter { $0["in"]?.string == "path" }
        #expect(described.compactMap { $0["name"]?.string } == names)
      }
    }
  }

  @Test("the page shows every operation")
  func page() async throws {
    let groups = try await APIWorld().router.groups
    let router = Router(
      [DocumentRoutes.group(title, of: groups)], requestIDs: RequestIDSource(seed: 1, start: 2), clock: { 0 })
    let html = String(
      decoding: await router.respond(to: HTTPRequest(method: .get, target: "/docs")).body, as: UTF8.self)
    for route in groups.flatMap(\.routes) { #expect(html.contains("<article id=\"\(route.operationID)\">")) }
    #expect(!html.contains("<script"))
  }
}
