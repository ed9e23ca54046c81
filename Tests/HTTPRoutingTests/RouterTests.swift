import HTTPMessages
import HTTPRouting
import HTTPTesting
import JSON
import Synchronization
import Testing

@Suite struct RouterTests {
  private let body = Schema.object([
    .required("name", .string(length: 1...5)), .optional("age", .integer(in: 0...150).orNull),
    .optional("tags", .array(of: .string())), .optional("free", .any()),
  ])

  private func text(_ text: String) -> HTTPResponse { HTTPResponse(status: .ok, body: Array(text.utf8)) }

  private func makeRouter(observer: (any RouterObserver)? = nil) -> Router {
    let things = RouteGroup(
      "things", prefixes: ["/a", "/b/a"],
      routes: [
        Route(
          .get, "/things", "listThings", "Lists.", access: .open,
          query: [
            QueryParameter("limit", .integer(in: 1...10)), QueryParameter("name", .string(length: 1...3)),
            QueryParameter("all", .boolean()),
          ]
        ) { request throws(Problem) in
          HTTPResponse(
            status: .ok,
            body: Array(
              "\(request.query.integer("limit") ?? 0) \(request.query["name"] ?? "-") \(request.query.isTrue("all"))"
                .utf8))
        },
        Route(.post, "/things", "makeThing", "Makes.", access: .open, body: Route.Body(body)) {
          request throws(Problem) in
          HTTPResponse(status: .created, body: Array((request.body?.root["name"]?.string ?? "").utf8))
        },
        Route(
          .get, "/things/{id}", "showThing", "Shows.", access: .open,
          parameters: [PathParameter("id", .string(length: 1...5))]
        ) { request throws(Problem) in
          HTTPResponse(status: .ok, body: Array(request.parameters[0].utf8))
        },
        Route(.post, "/things/close", "closeThings", "Closes.", access: .open) { _ throws(Problem) in
          var problem = Problem(
            .conflict, Problem.Code(rawValue: "busy"), "No.", errors: [MemberError("x", "is y")])
          problem.cause = "inner text"
          throw problem
        },
        Route(
          .get, "/fast", "fast", "Answers at once.", access: .open,
          atOnce: { request, id, response in
            guard request.find("x-slow").count == 0 else { return false }
            response.begin("HTTP/1.1 203 \r\n", contentLength: 2)
            id.write(of: request, into: &response)
            response.beginBody()
            response.appendBody(Array("ok".utf8))
            return true
          }
        ) { _ throws(Problem) in HTTPResponse(status: .ok, body: Array("slow".utf8)) },
      ])
    let odd = RouteGroup(
      "odd", prefixes: ["/odd"],
      routes: [
        Route(
          .post, "/x", "oddX", "Odd.", access: .service(scope: "odd"), body: Route.Body(.object([]), isRequired: false)
        ) {
          request throws(Problem) in HTTPResponse(status: .ok, body: Array((request.caller.name ?? "").utf8))
        }
      ],
      ignoresUnknownQuery: true,
      admission: { request, access throws(Problem) in
        guard request.field("x-key") != nil, access == .service(scope: "odd") else {
          throw Problem(.unauthorized, Problem.Code(rawValue: "no_key"), "A key.")
        }
        return Caller(name: "odd key", address: "x")
      },
      problemShape: { problem, _, requestID in
        HTTPResponse(
          status: problem.status, fields: problem.fields, body: Array("odd \(problem.code.rawValue) \(requestID)".utf8))
      })
    let clock = Mutex<UInt64>(0)
    return Router(
      [things, odd], requestIDs: RequestIDSource(seed: 1, start: 2),
      clock: {
        clock.withLock { now in
          now += 5
          return now
        }
      }, observer: observer)
  }

  private func send(
    _ method: HTTPMethod, _ target: String, _ fields: [(String, String)] = [], body: String = ""
  ) async -> HTTPResponse {
    await makeRouter().respond(
      to: HTTPRequest(
        method: method, target: target, fields: fields.map { HTTPField($0.0, $0.1) }, body: Array(body.utf8)))
  }

  private func post(_ body: String, type: String? = "application/json") async -> HTTPResponse {
    await send(.post, "/a/things", type.map { [("Content-Type", $0)] } ?? [], body: body)
  }

  private func problem(_ response: HTTPResponse) throws -> JSONValue {
    #expect(response.field("Content-Type") == "application/problem+json")
    return try JSONDocument(parsing: response.body).root
  }

  @Test("every prefix leads to the same routes")
  func prefixes() async {
    for prefix in ["/a", "/b/a"] {
      let response = await send(.get, "\(prefix)/things/x%20y")
      #expect(response.status == .ok)
      #expect(response.body == Array("x y".utf8))
    }
  }

  @Test(
    "a path that no route has is 404",
    arguments: [
      "/", "/a", "/a/", "/a/things/", "/a/things/x/y", "/a//things", "/%61/things", "/A/things", "/ab/things",
      "a/things",
    ])
  func missing(path: String) async throws {
    let response = await send(.get, path)
    #expect(response.status == .notFound)
    let json = try problem(response)
    #expect(json["code"]?.string == "not_found")
    #expect(json["status"]?.integer == 404)
    #expect(json["request_id"]?.string == response.field("X-Request-Id"))
  }

  @Test(
    "a method that a path does not have is 405 with Allow",
    arguments: [HTTPMethod.put, .delete, .patch, .other])
  func wrongMethod(method: HTTPMethod) async throws {
    let list = await send(method, "/a/things")
    #expect(list.status == .methodNotAllowed)
    #expect(list.field("Allow") == "GET, HEAD, POST, OPTIONS")
    #expect(try problem(list)["code"]?.string == "method_not_allowed")
    #expect(await send(method, "/a/things/1").field("Allow") == "GET, HEAD, OPTIONS")
  }

  @Test("a path without parameters goes before one with, whatever the method")
  func precedence() async {
    #expect(await send(.get, "/a/things/close").status == .methodNotAllowed)
    #expect(await send(.post, "/a/things/close").status == .conflict)
  }

  @Test("OPTIONS says what is allowed, and GET answers HEAD")
  func optionsAndHead() async {
    let options = await send(.options, "/a/things/1")
    #expect(options.status == .noContent)
    #expect(options.field("Allow") == "GET, HEAD, OPTIONS")
    #expect(await send(.options, "/nowhere").status == .notFound)
    #expect(await send(.options, "*").status == .noContent)
    #expect(await send(.head, "/a/things/1").status == .ok)
    #expect(await send(.head, "/a/things/close").status == .methodNotAllowed)
  }

  @Test(
    "parameters of a path are decoded strictly",
    arguments: ["%", "%4", "%4g", "%ff", "%00", "toolong"])
  func badParameter(text: String) async throws {
    let response = await send(.get, "/a/things/\(text)")
    #expect(response.status == .badRequest)
    #expect(try problem(response)["errors"]?["id"]?.string != nil)
  }

  @Test("parameters of the query are checked and decoded")
  func query() async {
    #expect(await send(.get, "/a/things").body == Array("0 - false".utf8))
    #expect(await send(.get, "/a/things?limit=10&name=a%2Bb&all=true").body == Array("10 a+b true".utf8))
    #expect(await send(.get, "/a/things?&name=a+b&").body == Array("0 a b false".utf8))
  }

  @Test(
    "a query that is unknown, repeated, mistyped or out of bounds is refused",
    arguments: [
      ("x=1", "x"), ("limit=1&limit=1", "limit"), ("limit=+5", "limit"), ("limit=0", "limit"), ("limit=11", "limit"),
      ("limit=1e3", "limit"), ("limit=9223372036854775808", "limit"), ("limit=", "limit"), ("limit", "limit"),
      ("name=", "name"), ("name=abcd", "name"), ("name=%00", "name"), ("name=%ff", "name"), ("name=%4", "name"),
      ("all=1", "all"), ("all=TRUE", "all"), ("%ff=1", "%ff"),
    ])
  func badQuery(query: String, member: String) async throws {
    let response = await send(.get, "/a/things?\(query)")
    #expect(response.status == .badRequest)
    let json = try problem(response)
    #expect(json["code"]?.string == "invalid_request")
    #expect(json["errors"]?.member(member)?.string != nil)
  }

  @Test("a group can pass over unknown parameters")
  func unknownQueryIgnored() async {
    let response = await send(.post, "/odd/x?whatever=1&whatever=2", [("X-Key", "1")])
    #expect(response.status == .ok)
  }

  @Test(
    "JSON is read from application/json only, in UTF-8",
    arguments: [
      ("application/json", 201), ("Application/JSON", 201), ("application/json; charset=utf-8", 201),
      ("application/json;charset=\"UTF-8\"", 201), ("application/json;", 201),
      ("application/json; charset=latin1", 415),
      ("application/json; x=y", 415), ("application/problem+json", 415), ("text/json", 415), ("text/plain", 415),
      ("application/x-www-form-urlencoded", 415), ("application/jsonx", 415), ("", 415),
    ])
  func mediaType(type: String, status: Int) async throws {
    let response = await post(#"{"name":"n"}"#, type: type)
    #expect(response.status.code == status)
    if status == 415 {
      #expect(response.field("Accept") == "application/json")
      #expect(try problem(response)["code"]?.string == "unsupported_media_type")
    }
  }

  @Test("a body without a type, with two types or with a content coding is 415")
  func mediaTypeMissing() async {
    #expect(await post("{}", type: nil).status == .unsupportedMediaType)
    let json = ("Content-Type", "application/json")
    #expect(await send(.post, "/a/things", [json, json], body: "{}").status == .unsupportedMediaType)
    let coded = await send(.post, "/a/things", [json, ("Content-Encoding", "gzip")], body: "{}")
    #expect(coded.status == .unsupportedMediaType)
  }

  @Test(
    "what is not JSON is refused",
    arguments: [
      "{", "{}x", "{,}", #"{"name":"n",}"#, #"{"name":"a","name":"b"}"#, "\u{FEFF}{}", "nul", #"{"age":1e999}"#,
    ])
  func malformed(body: String) async throws {
    let response = await post(body)
    #expect(response.status == .badRequest)
    #expect(try problem(response)["code"]?.string == "malformed_json")
  }

  @Test(
    "a body that its schema does not allow is refused, and each member says why",
    arguments: [
      ("{}", "name", "is missing"), (#"{"name":""}"#, "name", "must not be empty"),
      (#"{"name":"123456"}"#, "name", "must have at most 5 characters"),
      (#"{"name":null}"#, "name", "must be a string"),
      (#"{"name":"\u0000"}"#, "name", "must not contain U+0000"),
      (#"{"name":"n","age":1.5}"#, "age", "must be a whole number"),
      (#"{"name":"n","age":1e300}"#, "age", "must be a whole number"),
      (#"{"name":"n","age":9223372036854775808}"#, "age", "must be a whole number"),
      (#"{"name":"n","age":-1}"#, "age", "must be from 0 to 150"),
      (#"{"name":"n","tags":["a",1]}"#, "tags[1]", "must be a string"),
      (#"{"name":"n","tags":{}}"#, "tags", "must be an array"), (#"{"name":"n","nmae":1}"#, "nmae", "is not known"),
      (#"[]"#, "", "must be an object"), ("null", "", "must be an object"),
    ])
  func badBody(body: String, member: String, reason: String) async throws {
    let response = await post(body)
    #expect(response.status == .badRequest)
    #expect(try problem(response)["errors"]?.member(member)?.string == reason)
  }

  @Test("a body that its schema allows is handed on")
  func goodBody() async {
    let response = await post(#"{"name":"é\u0301123","age":null,"tags":["x"],"free":[{"deep":null}]}"#)
    #expect(response.status == .created)
    #expect(response.body == Array("é\u{301}123".utf8))
  }

  @Test("the number of errors in an answer is bounded")
  func manyErrors() async throws {
    let members = (0..<500).map { "\"m\($0)\":1" }.joined(separator: ",")
    let json = try problem(await post("{\(members)}"))
    #expect(json["errors"]?.count == 20)
  }

  @Test("a body that is needed and empty is 400, one that is optional may be empty")
  func emptyBody() async {
    #expect(await post("").status == .badRequest)
    #expect(await send(.post, "/odd/x", [("X-Key", "1")]).status == .ok)
  }

  @Test("a thrown problem is shown with its code, errors and fields")
  func thrown() async throws {
    let json = try problem(await send(.post, "/a/things/close"))
    #expect(json["code"]?.string == "busy")
    #expect(json["title"]?.string == "Conflict")
    #expect(json["type"]?.string == "about:blank")
    #expect(json["detail"]?.string == "No.")
    #expect(json["errors"]?["x"]?.string == "is y")
  }

  @Test("admission comes before the body is looked at, and says who called")
  func admission() async {
    let refused = await send(.post, "/odd/x", body: "not json")
    #expect(refused.status == .unauthorized)
    #expect(await send(.post, "/odd/x", [("X-Key", "1")]).body == Array("odd key".utf8))
  }

  @Test("a group's own shape of error covers its whole prefix")
  func ownShape() async {
    let id = ("X-Request-Id", "r1")
    let key = ("X-Key", "1")
    #expect(await send(.get, "/odd/nowhere", [id]).body == Array("odd not_found r1".utf8))
    #expect(await send(.get, "/odd", [id]).body == Array("odd not_found r1".utf8))
    #expect(await send(.get, "/odd/x", [id]).body == Array("odd method_not_allowed r1".utf8))
    #expect(await send(.post, "/odd/x", [id, key], body: "{").body == Array("odd unsupported_media_type r1".utf8))
    #expect(await send(.get, "/oddity", [id]).field("Content-Type") == "application/problem+json")
  }

  @Test(
    "a request id of 1 to 128 visible characters is echoed",
    arguments: ["a", "6f1c-x_y.z~", String(repeating: "x", count: 128)])
  func requestIDEchoed(id: String) async {
    #expect(await send(.get, "/a/things", [("X-Request-Id", id)]).field("X-Request-Id") == id)
    #expect(await send(.get, "/nowhere", [("X-Request-Id", id)]).field("X-Request-Id") == id)
  }

  @Test(
    "another request id is replaced by one of 32 hexadecimal digits",
    arguments: ["", "a b", "é", "a\tb", String(repeating: "x", count: 129)])
  func requestIDReplaced(id: String) async {
    let made = await send(.get, "/a/things", [("X-Request-Id", id)]).field("X-Request-Id") ?? ""
    #expect(made != id)
    #expect(made.utf8.count == 32 && made.allSatisfy(\.isHexDigit))
  }

  @Test("two routes of one method and path, and a closed route without an admission, are misuses")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      let route = Route(.get, "/x", "x", "X.", access: .open) { _ throws(Problem) in HTTPResponse(status: .ok) }
      _ = Router(
        [RouteGroup("x", prefixes: ["", ""], routes: [route])], requestIDs: RequestIDSource(seed: 0, start: 0),
        clock: { 0 })
    }
    await #expect(processExitsWith: .failure) {
      let route = Route(.get, "/x", "x", "X.", access: .user) { _ throws(Problem) in HTTPResponse(status: .ok) }
      _ = RouteGroup("x", prefixes: [""], routes: [route])
    }
  }

  @Test("ids that are made differ")
  func requestIDsDiffer() {
    let source = RequestIDSource(seed: 7, start: 0)
    let request = HTTPRequest(method: .get, target: "/")
    #expect(Set((0..<10_000).map { _ in source.text(for: request) }).count == 10_000)
  }

  @Test("the fast path answers exactly its own method and target")
  func atOnce() throws {
    let router = makeRouter()
    func answer(_ method: HTTPMethod, _ target: String, _ fields: [HTTPField] = []) -> String? {
      var response = HTTPResponseBuffer()
      let isAnswered = HTTPRequest(method: method, target: target, fields: fields).withView { view in
        router.respondAtOnce(to: view, into: &response)
      }
      #expect(isAnswered || response.bytes.isEmpty)
      return isAnswered ? String(decoding: response.bytes, as: UTF8.self) : nil
    }
    let answered = try #require(answer(.get, "/a/fast", [HTTPField("x-REQUEST-id", "r7")]))
    #expect(answered == "HTTP/1.1 203 \r\nContent-Length: 2\r\nX-Request-Id: r7\r\n\r\nok")
    let made = try #require(answer(.get, "/b/a/fast", [HTTPField("X-Request-Id", "not fit")]))
    #expect(made.utf8.count == "HTTP/1.1 203 \r\nContent-Length: 2\r\nX-Request-Id: \r\n\r\nok".utf8.count + 32)
    #expect(answer(.head, "/a/fast") == nil)
    #expect(answer(.get, "/a/fast?x") == nil)
    #expect(answer(.get, "/a/fas") == nil)
    #expect(answer(.get, "/a/fast", [HTTPField("X-Slow", "1")]) == nil)
  }

  @Test("an observer is told of every answer, on both paths")
  func observation() async {
    let recorder = Recorder()
    let router = makeRouter(observer: recorder)
    let fields = [HTTPField("X-Request-Id", "r")]
    let fast = HTTPRequest(method: .get, target: "/a/fast", fields: fields)
    var buffer = HTTPResponseBuffer()
    _ = fast.withView { router.respondAtOnce(to: $0, into: &buffer) }
    _ = await router.respond(to: fast)
    _ = await router.respond(to: HTTPRequest(method: .get, target: "/nowhere", fields: fields))
    let expected = [
      "at once /a/fast 203 5 r", "/a/fast GET 200 5 r 127.0.0.1", "unmatched GET 404 5 r 127.0.0.1",
    ]
    #expect(recorder.lines.withLock { $0 } == expected)
    let labels = Router.labels(of: router.groups)
    #expect(labels.map(\.index) == Array(labels.indices))
  }

  @Test("the cause of a problem is told to the observer, and not to the client")
  func cause() async {
    let recorder = Recorder()
    let router = makeRouter(observer: recorder)
    let answer = await router.respond(to: HTTPRequest(method: .post, target: "/a/things/close"))
    _ = await router.respond(to: HTTPRequest(method: .get, target: "/nowhere"))
    #expect(recorder.causes.withLock { $0 } == ["inner text", nil])
    #expect(!String(decoding: answer.body, as: UTF8.self).contains("inner"))
  }
}
