import HTTPMessages
import HTTPRouting
import JSON
import Testing

/// Bodies of HTML forms, and values that may be of one schema or another.
@Suite struct FormTests {
  private static let form = HTTPField("Content-Type", "application/x-www-form-urlencoded")

  /// A router whose one route answers its body as JSON, with and without forms.
  private func router(takesForms: Bool = true, limits: JSONLimits = JSONLimits()) -> Router {
    let schema = Schema.object(
      [
        .optional("name", .string(length: 1...5)),
        .optional("number", .either(.integer(in: 1...9), .oneOf(["1", "2"]), .boolean())),
      ], unknownMembers: .ignored)
    let route = Route(
      .post, "/x", "x", "X.", access: .open, body: Route.Body(schema, takesForms: takesForms)
    ) { request throws(Problem) in
      HTTPResponse(status: .ok, body: request.body?.root.text.bytes ?? [])
    }
    return Router(
      [RouteGroup("x", prefixes: [""], routes: [route])], requestIDs: RequestIDSource(seed: 1, start: 2), clock: { 0 },
      limits: limits)
  }

  private func send(_ body: String, _ field: HTTPField = form, to router: Router) async -> (Int, String) {
    let response = await router.respond(
      to: HTTPRequest(method: .post, target: "/x", fields: [field], body: Array(body.utf8)))
    return (response.status.code, String(decoding: response.body, as: UTF8.self))
  }

  @Test(
    "a form is an object of texts",
    arguments: [
      ("name=a+b", #"{"name":"a b"}"#), ("name=%2B%26%3D", #"{"name":"+&="}"#), ("&&name=a&", #"{"name":"a"}"#),
      ("x=a=b=c&y&=z", #"{"x":"a=b=c","y":"","":"z"}"#), ("x=%C3%A9%22%0D%0A", #"{"x":"é\"\r\n"}"#),
      ("x=é", #"{"x":"é"}"#), ("number=2", #"{"number":"2"}"#), ("&", "{}"),
      (#"{"name":"a"}"#, #"{"{\"name\":\"a\"}":""}"#),
    ])
  func reads(body: String, expected: String) async {
    #expect(await send(body, to: router()) == (200, expected))
  }

  @Test(
    "a broken escape, bytes that are not UTF-8, a name given twice and what the schema refuses are 400",
    arguments: [
      "name=%", "name=%4", "name=%zz", "name=%ff", "%ff=1", "name=a&name=a", "name=a&n%61me=b", "name=", "name=%00",
      "name=abcdef", "number=3", "number=", "number=01",
    ])
  func refuses(body: String) async {
    #expect(await send(body, to: router()).0 == 400)
  }

  @Test("a form longer than a body may be is 400, however short it would be as JSON")
  func size() async {
    let router = router(limits: JSONLimits(maximumBytes: 100))
    let least = "x=" + String(repeating: "%61", count: 32)
    #expect(await send(least, to: router).0 == 200)
    #expect(await send(least + "%61", to: router).0 == 400)
    // Escapes of JSON may be longer than the body was.
    #expect(await send("x=" + String(repeating: "%01", count: 32), to: router).0 == 200)
  }

  @Test("a form is 415 where none is taken, and JSON is read where one is")
  func mediaTypes() async {
    let json = HTTPField("Content-Type", "application/json")
    #expect(await send("name=a", to: router(takesForms: false)).0 == 415)
    #expect(await send(#"{"name":"a"}"#, json, to: router()).0 == 200)
    #expect(await send("name=a", json, to: router()).0 == 400)
    let charset = HTTPField("Content-Type", "Application/X-WWW-Form-URLencoded; charset=UTF-8")
    #expect(await send("name=a", charset, to: router()).0 == 200)
    #expect(await send("name=a", HTTPField("Content-Type", "multipart/form-data"), to: router()).0 == 415)
  }

  @Test(
    "a value of one schema or another is either, and a refusal names every reason once",
    arguments: [
      ("1", 200), (#""1""#, 200), ("true", 200), ("9", 200), (#""9""#, 400), ("10", 400), ("null", 400), ("[]", 400),
    ])
  func either(value: String, status: Int) async {
    let json = HTTPField("Content-Type", "application/json")
    let answer = await send(#"{"number":\#(value)}"#, json, to: router())
    #expect(answer.0 == status)
    if status == 400 { #expect(answer.1.contains("must be true or false"), "\(answer.1)") }
  }

  @Test("the document lists every choice and both media types")
  func document() throws {
    let title = OpenAPIDocument.Title(name: "x", version: "1", summary: "x", cookie: "x")
    let document = try JSONDocument(parsing: OpenAPIDocument(title, of: router().groups).json, limits: .widest)
    let content = document.root["paths"]?["/x"]?["post"]?["requestBody"]?["content"]
    #expect(content?.members.map(\.name) == ["application/json", "application/x-www-form-urlencoded"])
    let number = content?["application/json"]?["schema"]?["properties"]?["number"]
    #expect(number?["anyOf"]?.count == 3)
  }
}
