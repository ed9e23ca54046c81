import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct SessionsV1Tests {
    @Test("one session is seen by both interfaces", arguments: ["/sessions", "/v1/sessions"])
    func oneSession(prefix: String) async throws {
      try await withProgram { program in
        let client = try program.client()
        let opened = try client.send(
          "POST", "\(prefix)/open_session",
          #"{"user_id":"ann","user_name":"Ann","address":"10.0.0.1","client":"c","user":{"a":1},"data":{"b":2}}"#)
        #expect(opened.status == 200 && opened["active"]?.boolean == true)
        let id = try #require(opened["id"]?.string)
        let shown = try client.send("GET", "/v2/sessions/\(id)")
        #expect(shown["user_id"]?.string == "ann" && shown["user"]?.text.description == #"{"a":1}"#)

        let body = #"{"session_id":"\#(id)"}"#
        let stored = try client.send(
          "POST", "\(prefix)/store_session_data", #"{"session_id":"\#(id)","data":{"b":3}}"#)
        #expect(stored.status == 200)
        #expect(try client.send("GET", "/v2/sessions/\(id)")["data"]?.text.description == #"{"b":3}"#)
        _ = try client.send("PATCH", "/v2/sessions/\(id)", #"{"data":{"c":4}}"#)
        let found = try client.send("POST", "\(prefix)/get_session_by_id", body)
        #expect(found["data"]?.text.description == #"{"b":3,"c":4}"#)

        let (second, token) = try client.open("ann")
        let list = try client.send(
          "POST", "\(prefix)/get_sessions", #"{"filter":{"user_id":"ann","active":true},"paging":{"total":true}}"#)
        #expect(list["total"]?.integer == 2)
        #expect(Set(list["data"]?.elements.compactMap { $0["id"]?.string } ?? []) == [id, second])

        #expect(try client.send("POST", "\(prefix)/close_session", #"{"session_id":"\#(second)"}"#).status == 200)
        #expect(try client.ownStatus(token) == 401)
        let closed = try client.send("POST", "/v2/sessions/\(id)/close")
        #expect(closed.status == 200)
        #expect(try client.send("POST", "\(prefix)/get_session_by_id", body)["active"]?.boolean == false)
        #expect(
          try client.send("POST", "\(prefix)/store_session_data", #"{"session_id":"\#(id)","data":1}"#).status == 409)

        #expect(try client.send("POST", "\(prefix)/delete_session_by_id", body)["id"]?.string == id)
        #expect(try client.send("GET", "/v2/sessions/\(id)").status == 404)
        #expect(try client.send("POST", "\(prefix)/get_session_by_id", body).status == 204)
      }
    }

    @Test("what tells that the service is there, does")
    func health() async throws {
      try await withProgram { program in
        let client = try program.client()
        #expect(try client.send("GET", "/heartbeat").root?.string?.hasSuffix("Z") == true)
        #expect(try client.send("GET", "/status")["start_time"]?.string != nil)
      }
    }
  }
}
