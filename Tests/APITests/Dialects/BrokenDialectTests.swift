import DialectTesting
import HTTPMessages
import SessionCore
import Synchronization
import Testing

/// A service that breaks one promise, and how the cases begin that must find it out.
struct DialectBreakage: Sendable, CustomTestStringConvertible {
  /// Answers in the service's place; `next` is what the service itself would answer.
  typealias Distort =
    @Sendable (HTTPRequest, DialectWorld, _ next: @Sendable (HTTPRequest) async -> HTTPResponse) async -> HTTPResponse

  let name: String
  let promise: String
  let distort: Distort

  init(_ promise: String, _ name: String, _ distort: @escaping Distort) {
    self.promise = promise
    self.name = name
    self.distort = distort
  }

  var testDescription: String { "\(promise): \(name)" }

  static let all = [
    DialectBreakage("malformed", "answers bad bodies with 500") { request, _, next in
      var answer = await next(request)
      if answer.status == .badRequest { answer.status = .internalServerError }
      return answer
    },
    DialectBreakage("values that are no object", "answers bad bodies in another shape") { request, _, next in
      let answer = await next(request)
      return answer.status == .badRequest ? HTTPResponse(status: .badRequest, body: Array("bad".utf8)) : answer
    },
    DialectBreakage("other media types", "takes every media type for JSON") { request, _, next in
      var request = request
      request.fields.removeAll { $0.isNamed("content-type") || $0.isNamed("content-encoding") }
      request.fields.append(HTTPField("Content-Type", "application/json"))
      if request.body == Array("{}".utf8) { return HTTPResponse(status: .ok) }
      return await next(request)
    },
    DialectBreakage("a member that is missing", "takes bodies without what must be there") { request, _, next in
      let answer = await next(request)
      return answer.contains("is missing") ? HTTPResponse(status: .ok) : answer
    },
    DialectBreakage("no value of any member", "fails with a value that it did not expect") { request, _, next in
      String(decoding: request.body, as: UTF8.self).contains("1e300")
        ? HTTPResponse(status: .internalServerError) : await next(request)
    },
    DialectBreakage("paths that are not there", "answers unknown paths in another shape") { request, _, next in
      let answer = await next(request)
      return answer.status == .notFound ? HTTPResponse(status: .notFound) : answer
    },
    DialectBreakage("sessions that are unknown", "tells one refused session from another") { request, _, next in
      var answer = await next(request)
      if answer.status == .unauthorized { answer.fields.append(HTTPField("X-Number", "\(Self.number())")) }
      return answer
    },
    DialectBreakage("no token is in a list", "tells the token in errors") { request, _, next in
      var answer = await next(request)
      if answer.status.code >= 400, let token = request.fields.first(where: { $0.isNamed("authorization") }) {
        answer.fields.append(HTTPField("X-Credential", token.text))
      }
      return answer
    },
    DialectBreakage("a token that a client chose", "takes a token that nobody made") { request, _, next in
      let invented = "Bearer sst_" + String(repeating: "A", count: 72)
      guard request.field("authorization") == Array(invented.utf8) else { return await next(request) }
      return HTTPResponse(
        status: .ok, fields: [HTTPField("Content-Type", "application/json")], body: Array(#"{"state":"open"}"#.utf8))
    },
    DialectBreakage("a store that fails", "refuses what it can't tell, and says why") { request, _, next in
      var answer = await next(request)
      if answer.status.code >= 500 { answer.fields.append(HTTPField("X-Cause", "secret inner text")) }
      return answer
    },
    DialectBreakage("a session that the dialect opens is alive", "shows sessions as ended") { request, _, next in
      var answer = await next(request)
      if request.method == .get { answer.status = .unauthorized }
      return answer
    },
    DialectBreakage("a session that the dialect closes has ended", "closes nothing") { request, _, next in
      request.path.suffix(6) == Array("/close".utf8) ? HTTPResponse(status: .ok) : await next(request)
    },
    DialectBreakage("a session that the dialect closes has ended", "closes everybody's sessions") {
      request, world, next in
      if request.path.suffix(6) == Array("/close".utf8) {
        _ = try? await world.sessions.close(matching: SessionFilter(), reason: .revoked, by: Actor(.service))
      }
      return await next(request)
    },
    DialectBreakage("a session that the dialect opens expires", "lists what has expired") { request, _, next in
      var request = request
      request.query = request.query.map { query in
        Array(String(decoding: query, as: UTF8.self).replacing("state=open&", with: "").utf8)
      }
      return await next(request)
    },
    DialectBreakage("a session that the dialect renews goes on", "renews nothing") { request, _, next in
      var request = request
      if request.path.suffix(6) == Array("/renew".utf8) {
        request.method = .get
        request.path = Array("/v2/session".utf8)
      }
      return await next(request)
    },
    DialectBreakage("a hundred renewals", "answers every renewal otherwise") { request, _, next in
      var answer = await next(request)
      if request.path.suffix(6) == Array("/renew".utf8) { answer.body += Array("\(Self.number())".utf8) }
      return answer
    },
    DialectBreakage("each text comes back", "makes one spelling of another") { request, _, next in
      var answer = await next(request)
      let text = String(decoding: answer.body, as: UTF8.self).unicodeScalars.filter { $0.value != 0x301 }
      answer.body = Array(String(String.UnicodeScalarView(text)).utf8)
      return answer
    },
    DialectBreakage("ordinary texts", "refuses what is not ASCII") { request, _, next in
      request.body.contains { $0 >= 0x80 } ? HTTPResponse(status: .badRequest) : await next(request)
    },
  ]

  private static let counter = Mutex(0)

  private static func number() -> Int {
    counter.withLock { count in
      count += 1
      return count
    }
  }
}

@Suite("The cases find broken dialects") struct BrokenDialectTests {
  /// A world whose only dialects are /v2 and one that sees its sessions as they are, with a breakage between.
  private func world(_ breakage: DialectBreakage) async throws -> DialectWorld {
    var world = try await DialectWorld.api(.memory)
    let (client, plain) = (world.client, world)
    world.client = DialectClient { request in
      await breakage.distort(request, plain) { await client.respond($0) }
    }
    world.dialects = world.dialects.filter { $0.name == "/v2" }
    return world
  }

  @Test("a dialect is found out", arguments: DialectBreakage.all)
  func found(breakage: DialectBreakage) async throws {
    let promises = DialectCase.all.filter { $0.name.hasPrefix(breakage.promise) }
    try #require(!promises.isEmpty)
    var failures: [DialectFailure] = []
    for promise in promises {
      do {
        try await promise.run { try await world(breakage) }
      } catch let failure as DialectFailure {
        #expect(failure.caseName == promise.name && "\(failure)".contains("/v2"))
        failures.append(failure)
      }
    }
    #expect(!failures.isEmpty, "no case has found that the service \(breakage.name)")
  }

  @Test("every promise has something that breaks it")
  func whole() {
    for promise in DialectCase.all where !promise.name.hasPrefix("a session that the dialect closed stays") {
      #expect(DialectBreakage.all.contains { promise.name.hasPrefix($0.promise) }, "\(promise.name)")
    }
  }
}
