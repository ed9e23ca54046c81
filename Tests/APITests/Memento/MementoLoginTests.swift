import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct MementoLoginTests {
  @Test("horaservidor tells the time to anyone, with and without a body", arguments: ["/apigen", "/apiapp"])
  func time(prefix: String) async throws {
    let world = try await MementoWorld()
    let expected = #"{"error":false,"time":"2027-01-15T08:00:00.123Z","tz":-60}"#
    #expect(await world.call("horaservidor", prefix: prefix).text == expected)
    #expect(await world.call("horaservidor", #"{"x":1}"#, prefix: prefix).text == expected)
    #expect(await world.call("horaservidor", "x=1", prefix: prefix, fields: [MementoWorld.form]).text == expected)
  }

  @Test(
    "loginJwt answers the session's token, who the token says logged in, and when", arguments: StoreKind.allCases)
  func logIn(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let answer = await world.call("loginJwt", #"{"idtoken":"named:ana:ana@example.org"}"#)
    let token = try #require(answer["sesionid"]?.string)
    #expect(
      answer.text == #"{"sesionid":"\#(token)","userid":"ana@users","name":"Ana García","#
        + #""picture":"https://issuer.example/ana.png","mmtCreacion":"2027-01-15T08:00:00.123Z"}"#)
    let session = await world.api.send(.get, "/v2/session", bearer: token)
    #expect(session["user_id"]?.string == "1" && session["login_method"]?.string == "oidc")
    #expect(session["address"]?.string == "198.51.100.7")
    // What the token does not say is known from the account, and the address stands in for the user name.
    let plain = await world.call("loginJwt", "idtoken=good%3Acarla%3Ac%40example.org", fields: [MementoWorld.form])
    #expect(plain["userid"]?.string == "c@example.org" && plain["name"]?.string == "carla")
    #expect(plain["picture"]?.string == "https://x.example/carla")
    #expect(await world.call("loginJwt", #"{"idtoken":"good:iker"}"#)["userid"]?.string == "iker@example.org")
  }

  @Test("every refused log-in is the same answer, and opens nothing", arguments: StoreKind.allCases)
  func refused(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    _ = try await world.logIn("good:ana")
    _ = await world.api.send(.patch, "/v2/accounts/3", #"{"active":false}"#)
    let before = await world.api.send(.get, "/v2/sessions?count=true")["count"]?.integer
    for idToken in ["good:ana", "bad", "good:nobody", "good:iker", "unsure:carla:carla@example.org", "sst_x"] {
      let answer = await world.call("loginJwt", #"{"idtoken":"\#(idToken)"}"#)
      #expect(answer.text == #"{"err":true,"errmsg":"No se ha podido iniciar la sesión."}"#, "\(idToken)")
    }
    #expect(await world.call("loginJwt", #"{"idtoken":"good:carla","nonce":"n2"}"#).errmsg != nil)
    #expect(await world.api.send(.get, "/v2/sessions?count=true")["count"]?.integer == before)
    #expect(await world.call("loginJwt", #"{"idtoken":"good:carla","nonce":"n1"}"#)["sesionid"] != nil)
    let later = await world.call("loginJwt", #"{"idtoken":"later"}"#)
    #expect(later.errmsg?.contains("ocupado") == true && later.field("retry-after") == "3")
  }

  @Test("auto-enrolment makes guests, and the first account an administrator", arguments: StoreKind.allCases)
  func enrolment(kind: StoreKind) async throws {
    var policy = LoginPolicy()
    policy.enrolment = .on(.guest)
    let api = try await APIWorld(kind, logins: policy)
    for (subject, level) in [("first", "A"), ("second", "I")] {
      let body = #"{"idtoken":"good:\#(subject):\#(subject)@example.org"}"#
      let answer = await api.send(.post, "/apigen/loginJwt", body)
      let token = try #require(answer["sesionid"]?.string)
      let list = await api.send(.post, "/apiapp/usuarioLista", #"{"sesionid":"\#(token)"}"#)
      #expect(list.root?.elements.last?["nivelUsuario"]?.string == level)
    }
    let unsure = await api.send(.post, "/apigen/loginJwt", #"{"idtoken":"unsure:third:third@example.org"}"#)
    #expect(unsure.errmsg != nil)
  }

  @Test("enrolment by domain gives each its level, and strangers nothing")
  func domains() async throws {
    var policy = LoginPolicy()
    policy.enrolment = .domains(["casa.example": .technician, "otra.example": .user])
    let world = try await MementoWorld(logins: policy)
    let administrator = try await world.logIn("good:ana").token
    _ = try await world.logIn("good:t:t@casa.example")
    _ = try await world.logIn("good:u:u@otra.example")
    #expect(await world.call("loginJwt", #"{"idtoken":"good:s:s@sub.casa.example"}"#).errmsg != nil)
    let list = await world.call("usuarioLista", as: administrator)
    #expect(list.root?.elements.map { $0["nivelUsuario"]?.string ?? "" } == ["A", "C", "I", "T", "U"])
  }

  @Test(
    "loginRenew answers the same with the next token, which alone is good after the grace time",
    arguments: StoreKind.allCases)
  func renew(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let first = await world.call("loginJwt", #"{"idtoken":"named:ana:ana@example.org"}"#)
    let token = try #require(first["sesionid"]?.string)
    world.api.clock.advance(by: .minutes(5))
    let renewed = await world.call("loginRenew", as: token, #""mmtCreacion":"2027-01-15T08:00:00.123Z""#)
    let next = try #require(renewed["sesionid"]?.string)
    #expect(next != token && renewed.text == first.text.replacing(token, with: next))
    // A lost answer can be fetched again, and both are good for a while.
    #expect(
      await world.call("loginRenew", as: token, #""mmtCreacion":"2027-01-15T09:00:00.123+01:00""#).text
        == renewed.text)
    #expect(await world.call("usuarioLista", as: token).root?.count == 3)
    world.api.clock.advance(by: .seconds(11))
    #expect(await world.call("usuarioLista", as: token).isDeadSession)
    #expect(await world.call("usuarioLista", as: next).root?.count == 3)
    // Two hold it: the session ends.
    #expect(await world.call("loginRenew", as: token, #""mmtCreacion":"2027-01-15T08:00:00.123Z""#).isDeadSession)
    #expect(await world.call("usuarioLista", as: next).isDeadSession)
  }

  @Test(
    "loginRenew wants the time that belongs to the session, and leaves the session alone without it",
    arguments: StoreKind.allCases)
  func renewMismatch(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let (token, time) = try await world.logIn("good:ana")
    world.api.clock.advance(by: .seconds(1))
    let other = try await world.logIn("good:carla")
    for wrong in [other.time, "2027-01-15T08:00:00.124Z", "2027-01-15T08:00:00Z", "ayer", ""] {
      #expect(
        await world.call("loginRenew", as: token, #""mmtCreacion":"\#(wrong)""#).isDeadSession, "\(wrong)")
    }
    #expect(await world.call("loginRenew", as: token).errmsg?.hasSuffix(": mmtCreacion.") == true)
    let session = await world.api.send(.get, "/v2/session", bearer: token)
    #expect(session.status == 200 && session["renew_time"]?.string == session["open_time"]?.string)
    #expect(await world.call("loginRenew", as: token, #""mmtCreacion":"\#(time)""#)["sesionid"] != nil)
  }

  @Test("a hundred renewals at once are one step, and all answered alike", arguments: StoreKind.allCases)
  func concurrent(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let (token, time) = try await world.logIn("good:ana")
    let texts = await withTaskGroup(of: String.self) { group in
      for _ in 0..<100 {
        group.addTask { await world.call("loginRenew", as: token, #""mmtCreacion":"\#(time)""#).text }
      }
      return await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(texts.count == 1 && texts.first?.contains("sesionid") == true)
  }

  @Test("unknown, forged, expired and closed sessions are one answer, to every function", arguments: StoreKind.allCases)
  func dead(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let (closed, time) = try await world.logIn("good:ana")
    let id = try #require(await world.api.send(.get, "/v2/session", bearer: closed)["id"]?.string)
    _ = await world.api.send(.post, "/v1/sessions/close_session", #"{"session_id":"\#(id)"}"#)
    let expired = try await world.logIn("good:carla").token
    let removed = try await world.logIn("good:iker").token
    let removedID = try #require(await world.api.send(.get, "/v2/session", bearer: removed)["id"]?.string)
    _ = await world.api.send(.delete, "/v2/sessions/\(removedID)")
    world.api.clock.advance(by: .days(400))
    for token in [closed, expired, removed, id, "", "sst_", "M1S3S10N1D", String(repeating: "a", count: 60_000)] {
      for (function, more) in [
        ("loginRenew", #""mmtCreacion":"\#(time)""#), ("usuarioLista", ""),
        ("usuarioCambiaNivel", #""idUsuario":3,"nuevoNivel":"A""#),
        ("usuarioCambiaActivo", #""idUsuario":3,"nuevoEsActivo":false"#),
      ] {
        #expect(await world.call(function, as: token, more).isDeadSession, "\(function) \(token.prefix(20))")
      }
    }
  }

  @Test("a session that comes along with a log-in is never taken over, and ends", arguments: StoreKind.allCases)
  func presented(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let old = try await world.logIn("good:ana").token
    let answer = await world.call("loginJwt", #"{"idtoken":"good:carla","idSesion":"\#(old)"}"#)
    #expect(answer["sesionid"]?.string != old)
    #expect(await world.call("usuarioLista", as: old).isDeadSession)
    let invented = await world.call("loginJwt", #"{"idtoken":"good:iker","sesionid":"inventado"}"#)
    #expect(invented["sesionid"]?.string?.hasPrefix("sst_") == true)
  }

  @Test("a user with all the sessions that the policy allows is told so")
  func limit() async throws {
    let world = try await MementoWorld { $0.liveLimit = LiveSessionLimit(maximum: 1, overflow: .deny) }
    _ = try await world.logIn("good:ana:1")
    #expect(await world.call("loginJwt", #"{"idtoken":"good:ana:2"}"#).errmsg?.contains("sesiones") == true)
  }
}
