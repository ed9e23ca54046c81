import HTTPMessages
import HTTPRouting
import JSON
import Testing

@Suite struct DocumentTests {
  private static let hostile = #"<script>alert("x")</script>&'"#

  private let title = OpenAPIDocument.Title(
    name: "Thing & Co", version: "1.2.3", summary: Self.hostile, cookie: "__Host-thing")

  private var groups: [RouteGroup] {
    let thing = Schema.named(
      "Thing",
      .object([
        .required("name", .string(Self.hostile, length: 1...5)), .optional("kind", .oneOf(["a", Self.hostile]).orNull),
        .optional("size", .integer(in: 0...Int64.max)), .optional("inner", .named("Inner", .object([])).orNull),
        .optional("list", .array(of: .named("Inner", .object([])))), .optional("free", .any()),
        .optional("when", .time().orNull),
      ]))
    var conditional = Route(
      .patch, "/things/{id}", "changeThing", "Changes.", access: .service(scope: "things:write"),
      parameters: [PathParameter("id", .string("Its id.", length: 1...5))],
      query: [QueryParameter("any", .any()), QueryParameter("limit", .integer(in: 1...10))],
      body: Route.Body(thing, mediaTypes: ["application/json", "application/merge-patch+json"]),
      answers: [Route.Answer(.ok, "Changed.", thing), Route.Answer(.conflict, "It is closed.")]
    ) { _ throws(Problem) in HTTPResponse(status: .ok) }
    conditional.tags = ["things"]
    conditional.fields = [FieldParameter("If-Match", .string("A revision."))]
    var own = Route(
      .get, "/own", "showOwn", "Shows.", access: .user,
      answers: [
        Route.Answer(.ok, "As JSON.", thing), Route.Answer(.ok, "As text.", .string(), mediaType: "text/plain"),
      ]
    ) { _ throws(Problem) in HTTPResponse(status: .ok) }
    own.tags = ["own"]
    var hidden = Route(.get, "/page", "showPage", "A page.", access: .open) { _ throws(Problem) in
      HTTPResponse(status: .ok)
    }
    hidden.isDocumented = false
    let odd = ProblemFormat(
      name: "Odd", mediaType: "application/odd+json", schema: .named("OddProblem", .object([.required("x", .any())])))
    let admission: RouteGroup.Admission = { request, _ in Caller(address: request.peer.address) }
    return [
      RouteGroup("first", prefixes: ["/a", "/b"], routes: [conditional, own, hidden], admission: admission),
      RouteGroup("odd", prefixes: [""], routes: [own.renamed("showOdd")], admission: admission, problemFormat: odd),
    ]
  }

  private func document() throws -> JSONDocument {
    try JSONDocument(parsing: OpenAPIDocument(title, of: groups).json, limits: .widest)
  }

  private func member(_ path: String..., of document: JSONDocument) -> JSONValue? {
    path.reduce(document.root as JSONValue?) { value, name in value?.member(name) }
  }

  @Test("an operation is described whole, under the first prefix alone")
  func operation() throws {
    let document = try document()
    #expect(member("openapi", of: document)?.string == "3.1.0")
    #expect(member("info", "description", of: document)?.string == Self.hostile)
    #expect(member("paths", of: document)?.members.map(\.name) == ["/a/things/{id}", "/a/own", "/own"])
    let patch = try #require(member("paths", "/a/things/{id}", "patch", of: document))
    #expect(patch["operationId"]?.string == "changeThing")
    #expect(patch["security"]?.text.description == #"[{"serviceKey":["things:write"]}]"#)
    let parameters = try #require(patch["parameters"]?.elements)
    #expect(parameters.map { $0["name"]?.string } == ["id", "any", "limit", "If-Match"])
    #expect(parameters.map { $0["in"]?.string } == ["path", "query", "query", "header"])
    #expect(parameters.map { $0["required"]?.boolean } == [true, false, false, false])
    #expect(parameters[1]["schema"]?["type"]?.string == "string")
    #expect(parameters[2]["schema"]?.text.description == #"{"type":"integer","minimum":1,"maximum":10}"#)
    #expect(
      patch["requestBody"]?["content"]?.members.map(\.name) == ["application/json", "application/merge-patch+json"])
    #expect(
      patch["responses"]?.members.map(\.name)
        == [
          "200", "400", "401", "403", "404", "408", "409", "413", "414", "415", "417", "431", "500", "503", "507",
        ])
  }

  @Test("answers of one status with two media types are both there, and errors are in the group's format")
  func answers() throws {
    let document = try document()
    let own = try #require(member("paths", "/a/own", "get", "responses", of: document))
    #expect(own["200"]?["content"]?.members.map(\.name) == ["application/json", "text/plain"])
    #expect(own["401"]?["$ref"]?.string == "#/components/responses/Problem401")
    let odd = try #require(member("components", "responses", "Odd401", of: document))
    #expect(odd["content"]?.members.map(\.name) == ["application/odd+json", "application/problem+json"])
    #expect(odd["headers"]?["WWW-Authenticate"] != nil)
  }

  @Test("a schema with a name is listed once and referred to, and null is said where it may stand")
  func schemas() throws {
    let document = try document()
    #expect(
      member("components", "schemas", of: document)?.members.map(\.name) == ["Inner", "OddProblem", "Problem", "Thing"])
    let members = try #require(member("components", "schemas", "Thing", "properties", of: document))
    #expect(
      members["inner"]?.text.description.contains(##"{"$ref":"#/components/schemas/Inner"},{"type":"null"}"##) == true)
    #expect(members["kind"]?["enum"]?.elements.last?.isNull == true)
    #expect(members["size"]?["minimum"]?.integer == 0 && members["size"]?["maximum"]?.integer == Int64.max)
    #expect(members["when"]?["type"]?.text.description == #"["string","null"]"#)
    #expect(member("components", "schemas", "Thing", "additionalProperties", of: document)?.boolean == false)
  }

  @Test("what is served is the document of all groups and itself, with a tag that a copy is asked about with")
  func served() async throws {
    let router = Router(
      groups + [DocumentRoutes.group(title, of: groups)], requestIDs: RequestIDSource(seed: 1, start: 2), clock: { 0 })
    for path in ["/openapi.json", "/docs", "/docs/style.css"] {
      let answer = await router.respond(to: HTTPRequest(method: .get, target: path))
      #expect(answer.status == .ok && !answer.body.isEmpty)
      let tag = try #require(answer.field("etag"))
      let fields = [HTTPField("If-None-Match", "\"x\", \(tag)")]
      let again = await router.respond(to: HTTPRequest(method: .get, target: path, fields: fields))
      #expect(again.status.code == 304 && again.body.isEmpty && again.field("etag") == tag)
    }
    let json = await router.respond(to: HTTPRequest(method: .get, target: "/openapi.json")).body
    let paths = try JSONDocument(parsing: json, limits: .widest).root["paths"]?.members.map(\.name)
    #expect(paths == ["/a/things/{id}", "/a/own", "/own", "/openapi.json"])
  }

  @Test("the page has every operation, runs nothing, loads only its style, and escapes every text")
  func page() async throws {
    let router = Router(
      [DocumentRoutes.group(title, of: groups)], requestIDs: RequestIDSource(seed: 1, start: 2), clock: { 0 })
    let answer = await router.respond(to: HTTPRequest(method: .get, target: "/docs"))
    let html = String(decoding: answer.body, as: UTF8.self)
    for id in ["changeThing", "showOwn", "showOdd", "schema-Thing", "schema-Inner"] {
      #expect(html.contains("id=\"\(id)\""), "\(id)")
    }
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;"))
    #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("style="))
    #expect(html.contains("<link rel=\"stylesheet\" href=\"/docs/style.css\">"))
    #expect(
      answer.field("content-security-policy")
        == "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
  }
}

extension Route {
  /// The same under another name.
  fileprivate func renamed(_ operationID: String) -> Route {
    var route = Route(method, path, operationID, summary, access: access, answers: answers, handler: handler)
    route.tags = tags
    return route
  }
}
