import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct StoreFailureTests {
  private static let failures: [(StoreError.Code, Int, String, String?)] = [
    (.unavailable, 503, "store_unavailable", "1"), (.closed, 503, "store_unavailable", "1"),
    (.unknownOutcome, 503, "outcome_unknown", nil), (.full, 507, "store_full", nil),
    (.corrupt, 500, "internal_error", nil), (.outdated, 500, "internal_error", nil),
  ]

  @Test("a store's failure is told without anything from inside")
  func failures() async throws {
    for (code, status, name, retry) in Self.failures {
      let world = try await APIWorld()
      let (id, token) = try await world.open()
      world.failure.set(code)
      let requests: [(HTTPMethod, String, String?, String?)] = [
        (.post, "/v2/sessions", #"{"user_id":"u"}"#, nil), (.get, "/v2/sessions", nil, nil),
        (.patch, "/v2/sessions/\(id)", #"{"kind":"x"}"#, nil), (.delete, "/v2/sessions/\(id)", nil, nil),
        (.post, "/v2/sessions/\(id)/close", nil, nil),
        (.post, "/v2/sessions/close", #"{"filter":{"state":"open"}}"#, nil),
        (.get, "/v2/session?fresh=true", nil, token), (.delete, "/v2/session/others", nil, token),
        (.get, "/v2/session/mine", nil, token), (.post, "/v1/sessions/get_sessions", "{}", nil),
        (.post, "/v1/sessions/open_session", #"{"user_id":"u"}"#, nil),
        (.post, "/v1/sessions/store_session_data", #"{"session_id":"\#(id)","data":1}"#, nil),
        (.post, "/v1/sessions/update_session_user", #"{"session_id":"\#(id)","user":1}"#, nil),
        (.post, "/v1/sessions/close_session", #"{"session_id":"\#(id)"}"#, nil),
        (.post, "/v1/sessions/close_expired_sessions", "{}", nil),
        (.post, "/v1/sessions/delete_session_by_id", #"{"session_id":"\#(id)"}"#, nil),
      ]
      for (method, target, body, bearer) in requests {
        let answer = await world.send(method, target, body, bearer: bearer)
        #expect(answer.status == status, "\(method) \(target)")
        #expect(answer.code?.lowercased() == name, "\(method) \(target)")
        #expect(answer.field("retry-after") == retry)
        #expect(!answer.text.contains("secret inner text"))
        #expect(answer.root != nil)
      }
    }
  }

  @Test("a store that is down never makes a good token a bad one")
  func notUnauthorized() async throws {
    let world = try await APIWorld()
    let (id, token) = try await world.open()
    _ = await world.send(.post, "/v2/sessions/\(id)/close")
    let other = Sessions(
      store: world.calls, policy: SessionPolicy(), keys: world.sessions.keys, clock: world.clock,
      random: SeededRandom(seed: 9))
    world.failure.set(.unavailable)
    await #expect(throws: StoreError.self) { try await other.verify(Array(token.utf8)) }
    #expect(await world.send(.post, "/v2/verify", #"{"token":"\#(token)"}"#)["reason"]?.string == "closed")
  }

  @Test("every code that is answered stands in the table, with its status")
  func table() {
    #expect(Set(ProblemTable.rows.map(\.code)).count == ProblemTable.rows.count)
    for (code, status, name, _) in Self.failures {
      let problem = Problem(StoreError(code, "x"))
      let row = ProblemTable.rows.first { $0.code == problem.code }
      #expect(row?.status.code == status && row?.code.rawValue == name)
    }
    let problems: [Problem] = [
      .unauthorizedUser, .unauthorizedService, .noSession, .sessionClosed, .invalid("a", "b"),
    ]
    for problem in problems {
      #expect(ProblemTable.rows.contains { $0.code == problem.code && $0.status == problem.status })
    }
  }
}
