import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Testing

@Suite struct MementoErrorTests {
  @Test(
    "whatever is wrong with a call, the answer is 200 and says so",
    arguments: [
      (nil, nil), ("{", nil), ("[]", nil), ("7", nil), ("null", nil), (#"{"a":1,"a":2}"#, nil), ("\u{0}", nil),
      ("{}", "idtoken"), (#"{"idtoken":7}"#, "idtoken"), (#"{"idtoken":null}"#, "idtoken"),
      (#"{"idtoken":{"$ne":1}}"#, "idtoken"), (#"{"idtoken":""}"#, "idtoken"), (#"{"idtoken":"\u0000"}"#, "idtoken"),
      (#"{"idtoken":"x","nonce":7}"#, "nonce"), (#"{"idtoken":"x","sesionId":[]}"#, "sesionId"),
      (String(repeating: "[", count: 30_000), nil),
      (#"{"idtoken":"\#(String(repeating: "a", count: 20_000))"}"#, "idtoken"),
    ] as [(String?, String?)])
  func malformed(body: String?, member: String?) async throws {
    let world = try await MementoWorld()
    let answer = await world.call("loginJwt", body)
    let errmsg = try #require(answer.errmsg, "\(answer.text)")
    if let member { #expect(errmsg == "Faltan parámetros o no son válidos: \(member).") }
  }

  @Test("a form must be whole, in UTF-8 and without a name twice")
  func forms() async throws {
    let world = try await MementoWorld()
    for body in [
      "idtoken=%", "idtoken=%g0", "idtoken=%ff", "idtoken=a&idtoken=a", "idtoken", "=", "idtoken=%00",
      "{\"idtoken\":\"x\"}",
    ] {
      #expect(await world.call("loginJwt", body, fields: [MementoWorld.form]).errmsg != nil, "\(body)")
    }
    let good = "&&idtoken=good%3Aana%3aa%2Bb%40example.org&x=+&y&"
    let answer = await world.call(
      "loginJwt", good, fields: [HTTPField("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")])
    #expect(answer["userid"]?.string == "a+b@example.org", "\(answer.text)")
  }

  @Test("other media types, other methods and functions that do not exist are error objects, too")
  func elsewhere() async throws {
    let world = try await MementoWorld()
    for type in ["text/plain", "multipart/form-data", "application/xml", "application/json; charset=latin1", ""] {
      let answer = await world.call("loginJwt", "{}", fields: [HTTPField("Content-Type", type)])
      #expect(answer.errmsg?.hasPrefix("El cuerpo debe ser application/json") == true, "\(type)")
    }
    for method in [HTTPMethod.get, .put, .delete, .patch] {
      let answer = await world.call("loginJwt", method: method)
      #expect(answer.errmsg == "Las funciones se llaman con POST." && answer.field("allow") == "POST, OPTIONS")
    }
    for path in ["", "noexiste", "loginJwt/", "loginjwt", "loginJwt/x", "%6CoginJwt%00", "../v2/session"] {
      let answer = await world.call(path, "{}")
      #expect(answer.errmsg == "No existe esa función.", "\(path)")
    }
    #expect(await world.api.send(.post, "/apigenx/loginJwt", "{}").status == 404)
    #expect(await world.api.send(.post, "/apiapp", "{}").errmsg == "No existe esa función.")
  }

  @Test(
    "a store that fails is an error object that tells nothing from inside",
    arguments: [StoreError.Code.unavailable, .unknownOutcome, .full, .corrupt])
  func store(code: StoreError.Code) async throws {
    let world = try await MementoWorld()
    let (token, time) = try await world.logIn("good:ana")
    let next = try await world.logIn("good:carla").token
    world.api.failure.set(code)
    for answer in [
      await world.call("loginRenew", as: token, #""mmtCreacion":"\#(time)""#),
      await world.call("loginJwt", #"{"idtoken":"good:iker"}"#),
    ] {
      #expect(answer.errmsg != nil && !answer.text.contains("secret"))
      #expect(answer.errmsg != "La sesión no es válida o ha terminado.", "a token that may be good is not refused")
    }
    #expect(!next.isEmpty)
    world.api.failure.set(nil)
    #expect(await world.call("usuarioLista", as: token).errmsg == nil)
  }

  @Test("no token is in an error or a list", arguments: StoreKind.allCases)
  func tokens(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let (token, _) = try await world.logIn("good:ana")
    let calls = [
      ("usuarioLista", ""), ("usuarioCambiaNivel", ""), ("usuarioCambiaActivo", #""idUsuario":1"#),
      ("loginRenew", #""mmtCreacion":"x""#), ("loginJwt", #""idtoken":"bad""#), ("nada", ""),
    ]
    for (function, more) in calls {
      #expect(!(await world.call(function, as: token, more)).text.contains(token), "\(function)")
    }
  }

  @Test("a page of an allowed origin may call, and ask before")
  func crossOrigin() async throws {
    let world = try await MementoWorld()
    let answer = await world.api.send(.options, "/apigen/loginJwt")
    #expect(answer.status == 204 && answer.field("allow") == "POST, OPTIONS")
  }
}
