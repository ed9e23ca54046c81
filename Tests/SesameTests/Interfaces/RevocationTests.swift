import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct RevocationTests {
    /// What ends a session.
    enum End: CaseIterable {
      case close
      case logOut
      case erase
      case sessionsV1
      case filter

      func apply(_ client: ServiceClient, id: String, token: String, user: String) throws -> Bool {
        let reply =
          switch self {
          case .close: try client.send("POST", "/v2/sessions/\(id)/close")
          case .logOut: try client.send("DELETE", "/v2/session", bearer: token)
          case .erase: try client.send("DELETE", "/v2/sessions/\(id)")
          case .sessionsV1: try client.send("POST", "/sessions/close_session", #"{"session_id":"\#(id)"}"#)
          case .filter: try client.send("POST", "/v2/sessions/close", #"{"filter":{"user_id":"\#(user)"}}"#)
          }
        return reply.status == 200 || reply.status == 204
      }
    }

    /// Whether an end was acknowledged, for all threads of a round.
    private final class Acknowledgement: Sendable {
      private let isGiven = Atomic(false)
      func give() { isGiven.store(true, ordering: .sequentiallyConsistent) }
      var hasCome: Bool { isGiven.load(ordering: .sequentiallyConsistent) }
    }

    @Test("no request that begins after an acknowledged end is let in, whatever else goes on", arguments: End.allCases)
    func atOnce(end: End) async throws {
      try await withProgram(["--threads", "2"]) { program in
        let port = program.port
        for round in 0..<15 {
          let user = "user-\(round)"
          let (id, token) = try program.client().open(user, #""data":{"a":1}"#)
          let acknowledgement = Acknowledgement()
          let begun = Atomic(0)
          let faults = try inParallel(5) { number -> [String] in
            let client = try ServiceClient(port: port)
            if number == 0 {
              // Given even if this fails, for the others wait for it.
              defer { acknowledgement.give() }
              let patience = ContinuousClock.now + .seconds(10)
              // In the midst of the others' requests.
              while begun.load(ordering: .relaxed) < 12, .now < patience {}
              return try end.apply(client, id: id, token: token, user: user) ? [] : ["not ended in \(round)"]
            }
            while true {
              let isEnded = acknowledgement.hasCome
              begun.add(1, ordering: .relaxed)
              let status =
                switch number {
                case 1: try client.ownStatus(token)
                case 2: try client.send("GET", "/v2/session?fresh=true", bearer: token).status
                case 3: try client.send("PATCH", "/v2/sessions/\(id)", #"{"data":{"a":2}}"#).status
                default: try client.send("POST", "/v2/session/renew", bearer: token).status
                }
              if isEnded { return [401, 404, 409].contains(status) ? [] : ["\(number) got \(status) in \(round)"] }
            }
          }.flatMap(\.self)
          #expect(faults == [])
          let client = try program.client()
          #expect(try client.ownStatus(token) == 401)
          let list = try client.send("GET", "/v2/sessions?user_id=\(user)&state=open&count=true")
          #expect(list["count"]?.integer == 0, "nothing that was under way revived it")
        }
      }
    }
  }
}
