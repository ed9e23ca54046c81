import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore
import SessionTesting
import Testing

/// What holds for every route, tried on every route that is declared.
@Suite struct EveryRouteTests {
  /// A route under one of its prefixes, with its parameters filled in.
  private struct Target: CustomStringConvertible {
    let route: Route
    let path: String
    let shape: Shape
    var description: String { "\(route.method.rawValue) \(path)" }
  }

  /// What the errors of a group look like.
  private enum Shape {
    case problem, versionOne, service, cerberus

    init(_ group: String) {
      self =
        switch group {
        case "Sessions V1": .versionOne
        case "Session service": .service
        case "Cerberus": .cerberus
        default: .problem
        }
    }
  }

  private func targets(_ world: APIWorld, id: String) -> [Target] {
    // Memento's answers all have one status; what holds for every dialect is the suite's of DialectTesting.
    world.router.groups.filter { $0.name != "Memento" }.flatMap { group in
      group.prefixes.flatMap { prefix in
        group.routes.map { route in
          Target(
            route: route, path: (prefix + route.path).replacing("{id}", with: id),
            shape: Shape(group.name))
        }
      }
    }
  }

  /// A world with one session, and a snapshot of all that its store holds.
  private func world(_ kind: StoreKind) async throws -> (APIWorld, id: String, token: String) {
    let world = try await APIWorld(kind)
    let (id, token) = try await world.open("u1", #""data":{"a":1}"#)
    return (world, id, token)
  }

  private func snapshot(_ world: APIWorld) async -> String {
    await world.send(.get, "/v2/sessions?include=user,data&count=true&limit=1000").text
  }

  /// How many writes the store was asked for.
  private func writes(_ world: APIWorld) -> Int {
    [StoreVerb.insert, .replace, .close, .closeMatching, .remove].reduce(0) { $0 + world.calls.count($1) }
  }

  private func isShaped(_ answer: Answer, _ target: Target) -> Bool {
    switch target.shape {
    case .problem:
      answer.field("content-type") == "application/problem+json" && answer["status"]?.integer == Int64(answer.status)
    case .versionOne:
      answer.field("content-type") == "application/json" && answer["category"]?.string != nil
        && answer["stack_trace"]?.isNull == true && answer["status"]?.integer == Int64(answer.status)
    case .service:
      answer.field("content-type") == "application/json" && answer["success"]?.boolean == false
        && answer["message"]?.string?.isEmpty == false
    case .cerberus:
      answer.field("content-type") == "application/json" && answer["success"]?.boolean == false
        && answer["status"]?.integer == Int64(answer.status) && answer["message"]?.string != nil
        && answer["err"]?.string != nil
    }
  }

  @Test("every route is declared whole, under a name of its own")
  func declarations() async throws {
    let world = try await APIWorld()
    let routes = world.router.groups.flatMap(\.routes)
    #expect(Set(routes.map(\.operationID)).count == routes.count)
    for route in routes {
      #expect(!route.summary.isEmpty && !route.tags.isEmpty && !route.answers.isEmpty, "\(route.operationID)")
    }
    #expect(routes.count == 53)
  }

  @Test("every other method is 405 with Allow", arguments: StoreKind.allCases)
  func methods(kind: StoreKind) async throws {
    let (world, id, token) = try await world(kind)
    let before = await snapshot(world)
    let targets = targets(world, id: id)
    for target in targets {
      let allowed = Set(targets.filter { $0.path == target.path }.map(\.route.method))
      for method in HTTPMethod.allCases where !allowed.contains(method) {
        if method == .options || method == .head && allowed.contains(.get) { continue }
        // A path without parameters hides one with: its methods are its own.
        let answer = await world.send(method, target.path, "{}", bearer: token)
        #expect(answer.status == 405, "\(method) \(target.path)")
        #expect(isShaped(answer, target))
        let allow = Set((answer.field("allow") ?? "").split(separator: ", ").map(String.init))
        #expect(
          allow
            == Set(allowed.map(\.rawValue)).union(["OPTIONS"]).union(allowed.contains(.get) ? ["HEAD"] : []))
      }
      let options = await world.send(.options, target.path)
      #expect(options.status == 204 && options.response.body.isEmpty && options.field("allow") != nil)
    }
    #expect(await snapshot(world) == before)
  }

  @Test("a body that is not JSON where JSON is expected is 415, malformed JSON is 400", arguments: StoreKind.allCases)
  func bodies(kind: StoreKind) async throws {
    let (world, id, token) = try await world(kind)
    let before = await snapshot(world)
    let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
    let malformed = [
      "{", "{]", "{\"a\":1,}", "{'a':1}", "{\"a\":01}", "{\"a\":1}{}", "nul", "\u{0}", "{\"a\":\"\u{0}\"}",
      "{\"a\":\"\n\"}",
      #"{"session_id":"x","session_id":"x"}"#, #"{"a":"\ud800"}"#, #"{"a":1e999}"#, #"{"a":NaN}"#, "{\"a\":1}\u{0}",
      deep,
      "{\"a\":" + deep + "}",
    ]
    for target in targets(world, id: id) where target.route.body != nil {
      for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""] {
        let answer = await world.send(
          target.route.method, target.path, "{}", bearer: token, fields: [HTTPField("Content-Type", type)])
        #expect(answer.status == 415, "\(target) \(type)")
        #expect(isShaped(answer, target))
      }
      for body in malformed {
        let answer = await world.send(target.route.method, target.path, body, bearer: token)
        #expect(answer.status == 400, "\(target) \(body.prefix(40))")
        if target.shape != .service, target.shape != .cerberus {
          #expect(answer.code?.lowercased() == "malformed_json", "\(target) \(body.prefix(40))")
        }
        #expect(isShaped(answer, target))
      }
    }
    #expect(await snapshot(world) == before)
  }

  @Test("bytes that are not UTF-8 are refused", arguments: StoreKind.allCases)
  func encoding(kind: StoreKind) async throws {
    let (world, id, _) = try await world(kind)
    for target in targets(world, id: id) where target.route.body != nil {
      let bytes: [UInt8] = Array(#"{"session_id":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
      let request = HTTPRequest(
        method: target.route.method, target: target.path, fields: [APIWorld.host, APIWorld.json], body: bytes)
      #expect(await world.router.respond(to: request).status == .badRequest, "\(target)")
    }
  }

  /// Values that no member of any body should bring the service to its knees with.
  private static let oddities = [
    "null", "true", "1", "-1", "0", "1.5", "1e300", "-1e300", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551615", "1e18", #""""#, #""\u0000""#, #""a\u0000b""#, #""\ud83d\ude00""#,
    #""\r\nX: y""#, "\"\(String(repeating: "x", count: 3000))\"", "[]", "[[[]]]", "{}", #"{"a":{"b":null}}"#,
    #"{"id":"x","user_id":1e300,"active":"maybe","from_time":-9223372036854775808,"to_time":9223372036854775807}"#,
    #"{"skip":1e300,"take":-1e300,"total":2}"#, #"{"skip":9223372036854775807,"take":9223372036854775807}"#,
    #"{"skip":"9223372036854775808"}"#, #"{"skip":"-1","take":"0","total":"yes"}"#,
    #"{"from_time":"0000-00-00T00:00:00Z"}"#, #"{"from":"9999-12-31T23:59:59.999+23:59"}"#,
  ]

  @Test(
    "no value of any member makes a server error, and what is refused changes nothing", arguments: StoreKind.allCases)
  func values(kind: StoreKind) async throws {
    let (world, id, token) = try await world(kind)
    for target in targets(world, id: id) {
      guard let body = target.route.body, case .object(let members, let unknown) = body.schema.unwrapped.shape else {
        continue
      }
      // A token that is brought along is its caller's own.
      let credential = target.shape == .service ? "brought along" : token
      for member in members {
        for value in Self.oddities {
          let others = members.filter { $0.isRequired && $0.name != member.name }.map { other in
            #""\#(other.name)":\#(sample(other, id: id, token: credential))"#
          }
          let text = "{" + (others + [#""\#(member.name)":\#(value)"#]).joined(separator: ",") + "}"
          let before = writes(world)
          let answer = await world.send(target.route.method, target.path, text, bearer: token)
          #expect(answer.status < 500, "\(target) \(text.prefix(100))")
          if answer.status >= 400 {
            #expect(isShaped(answer, target))
            #expect(writes(world) == before, "\(target) \(text.prefix(100))")
          }
        }
        if member.isRequired {
          let answer = await world.send(
            target.route.method, target.path,
            "{"
              + members.filter { $0.isRequired && $0.name != member.name }.map { other in
                #""\#(other.name)":\#(sample(other, id: id, token: credential))"#
              }.joined(separator: ",") + "}", bearer: token)
          #expect(answer.status == 400, "\(target) without \(member.name)")
          switch target.shape {
          case .service: #expect(answer["message"]?.string == "\(member.name) is missing.")
          case .cerberus: #expect(answer["err"]?.string == "\(member.name) is missing.")
          case .problem, .versionOne:
            let details = target.shape == .versionOne ? answer["details"] : answer["errors"]
            #expect(details?.member(member.name)?.string == "is missing")
          }
        }
      }
      let required = members.filter(\.isRequired).map { #""\#($0.name)":\#(sample($0, id: id, token: credential))"# }
      for name in ["nope", "ID", "__proto__", "", "a\\u0000"] where !target.path.hasSuffix("delete_session_by_id") {
        let text = "{" + (required + [#""\#(name)":1"#]).joined(separator: ",") + "}"
        let before = writes(world)
        let answer = await world.send(target.route.method, target.path, text, bearer: token)
        if case .refused = unknown {
          #expect(answer.status == 400, "\(target) \(text)")
          #expect(writes(world) == before)
        } else {
          let isRefused = target.shape == .cerberus && [401, 403, 404, 429].contains(answer.status)
          #expect(answer.status < 300 || answer.status == 409 || isRefused, "\(target) \(text)")
        }
      }
    }
  }

  /// The least body that a route takes.
  private func sampleBody(_ target: Target, id: String, token: String) -> String {
    guard case .object(let members, _)? = target.route.body?.schema.unwrapped.shape else { return "{}" }
    return "{"
      + members.filter(\.isRequired).map { #""\#($0.name)":\#(sample($0, id: id, token: token))"# }
      .joined(separator: ",") + "}"
  }

  private func sample(_ member: Schema.Member, id: String, token: String) -> String {
    switch member.name {
    case "session_id": "\"\(id)\""
    case "token": "\"\(token)\""
    case "filter": #"{"user_id":"nobody"}"#
    case "user_id": "\"u9\""
    case "name", "current": "\"anything\""
    case "new": "\"long enough\""
    case "email": "\"nobody@example.org\""
    case "password": "\"anything\""
    case "user": #"{"id":"nobody"}"#
    case "userID": "\"nobody\""
    case "where": "{}"
    case "scopes": #"["events:read"]"#
    default: "1"
    }
  }

  @Test("no query makes a server error", arguments: StoreKind.allCases)
  func queries(kind: StoreKind) async throws {
    let (world, id, token) = try await world(kind)
    let values = [
      "", "x", "1e300", "9223372036854775808", "-9223372036854775809", "%00", "%", "%ff", "%F0%9F%98%80", "null", "+",
      "&&",
      "=", "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00%2B23:59", String(repeating: "9", count: 4000),
    ]
    for target in targets(world, id: id) where target.route.method == .get {
      for name in target.route.query.map(\.name) + ["nope", "correlation_id"] {
        for value in values {
          let answer = await world.send(.get, "\(target.path)?\(name)=\(value)", bearer: token)
          #expect(answer.status < 500, "\(target) \(name)=\(value.prefix(30))")
        }
      }
    }
  }

  @Test(
    "services' routes are closed to who is not trusted, users' routes to who has no token",
    arguments: StoreKind.allCases)
  func access(kind: StoreKind) async throws {
    let (world, id, token) = try await world(kind)
    let before = await snapshot(world)
    let far = HTTPPeer.network(address: "198.51.100.7", port: 7)
    for target in targets(world, id: id) {
      // A user is asked for the token by the handler, once the body is as it must be.
      let answer = await world.send(
        target.route.method, target.path, sampleBody(target, id: id, token: token), peer: far)
      switch target.route.access {
      case .open: #expect([200, 400].contains(answer.status))
      case .user, .service:
        #expect(answer.status == 401, "\(target)")
        #expect(answer.field("www-authenticate") == "Bearer")
        #expect(isShaped(answer, target))
      }
      guard case .service = target.route.access else { continue }
      for field in [HTTPField("Origin", "http://evil.example"), HTTPField("Sec-Fetch-Site", "cross-site")] {
        let page = await world.send(target.route.method, target.path, "{}", fields: [field])
        #expect(page.status == 403, "\(target)")
      }
      let rebound = await world.send(
        target.route.method, target.path, "{}", host: HTTPField("Host", "evil.example:8080"))
      #expect(rebound.status == 403, "\(target)")
    }
    #expect(await snapshot(world) == before)
  }

  @Test("every answer carries the request's id", arguments: StoreKind.allCases)
  func requestIDs(kind: StoreKind) async throws {
    let (world, id, token) = try await world(kind)
    for target in targets(world, id: id) + targets(world, id: "none") {
      let given = await world.send(
        target.route.method, target.path, "{}", bearer: token, fields: [HTTPField("X-Request-Id", "id-1")])
      #expect(given.field("x-request-id") == "id-1")
      let made = await world.send(target.route.method, target.path, "{}", bearer: token)
      #expect(made.field("x-request-id")?.utf8.count == 32)
    }
  }
}

extension Schema {
  /// The schema that a name stands for.
  fileprivate var unwrapped: Schema {
    if case .named(_, let schema) = shape { schema.unwrapped } else { self }
  }
}
