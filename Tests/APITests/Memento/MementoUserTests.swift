import Accounts
import HTTPMessages
import JSON
import SessionCore
import SessionTesting
import Synchronization
import Testing

@Suite struct MementoUserTests {
  private static let ana = #"{"id":1,"email":"ana@example.org","nombre":"ana","nivelUsuario":"A","esActivo":true}"#
  private static let carla =
    #"{"id":2,"email":"carla@example.org","nombre":"carla","nivelUsuario":"C","esActivo":true}"#
  private static let iker = #"{"id":3,"email":"iker@example.org","nombre":"iker","nivelUsuario":"I","esActivo":true}"#

  @Test("C and above see all users, everyone else themselves alone", arguments: StoreKind.allCases)
  func list(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let administrator = try await world.logIn("good:ana").token
    let guest = try await world.logIn("good:iker").token
    let collaborator = try await world.logIn("good:carla").token
    let all = "[\(Self.ana),\(Self.carla),\(Self.iker)]"
    #expect(await world.call("usuarioLista", as: administrator).text == all)
    #expect(await world.call("usuarioLista", as: collaborator).text == all)
    #expect(await world.call("usuarioLista", as: guest).text == "[\(Self.iker)]")
    for (level, count) in [("U", 1), ("C", 3), ("T", 3), ("A", 3), ("I", 1)] {
      _ = await world.call("usuarioCambiaNivel", as: administrator, #""idUsuario":3,"nuevoNivel":"\#(level)""#)
      #expect(await world.call("usuarioLista", as: guest).root?.count == count, "\(level)")
    }
    // A user who is no account here has no row.
    #expect(await world.call("usuarioLista", as: try await world.api.open("stranger").token).text == "[]")
    #expect(await world.call("usuarioLista", as: try await world.api.open("999").token).text == "[]")
  }

  @Test(
    "a list beyond one page comes whole, piece by piece, and cut off if the store fails", arguments: StoreKind.allCases)
  func longList(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let token = try await world.logIn("good:carla").token
    for number in 4...1203 {
      var profile = AccountProfile()
      profile.username = ExactText("u\(number)")
      _ = try await world.api.accounts.create(profile, password: nil, by: Actor(.service))
    }
    let answer = await world.call("usuarioLista", as: token)
    let stream = try #require(answer.response.stream)
    let pieces = Mutex<[[UInt8]]>([])
    var writer = HTTPBodyWriter { piece in
      pieces.withLock { $0.append(piece) }
      return true
    }
    await stream(&writer)
    #expect(pieces.withLock { $0.count } == 4)
    let document = try JSONDocument(parsing: pieces.withLock { Array($0.joined()) }, limits: .widest)
    #expect(document.root.elements.map { $0["id"]?.integer } == (1...1203).map(Int64.init))
    #expect(document.root.elements.last?["email"]?.isNull == true)
    #expect(document.root.elements.last?["nombre"]?.string == "u1203")
    let count = Mutex(0)
    var deaf = HTTPBodyWriter { _ in count.withLock { $0 += 1 } != () }
    await stream(&deaf)
    #expect(count.withLock { $0 } == 1)
  }

  @Test("each spelling of the session parameter reaches each function, under both prefixes, as JSON and as a form")
  func spellings() async throws {
    let world = try await MementoWorld()
    var (token, time) = try await world.logIn("good:ana")
    for prefix in ["/apigen", "/apiapp"] {
      for name in ["sesionid", "idSesion", "sesionId", "idsesion"] {
        for (function, more) in [
          ("usuarioLista", [:]), ("usuarioCambiaNivel", ["idUsuario": "3", "nuevoNivel": "T"]),
          ("usuarioCambiaActivo", ["idUsuario": "3", "nuevoNivel": "1"]), ("loginRenew", ["mmtCreacion": time]),
        ] as [(String, [String: String])] {
          for isForm in [false, true] {
            let pairs = [(name, token)] + more.map { ($0.key, $0.value) }
            let body =
              isForm
              ? pairs.map { "\($0)=\($1.replacing(":", with: "%3A"))" }.joined(separator: "&")
              : "{" + pairs.map { #""\#($0)":"\#($1)""# }.joined(separator: ",") + "}"
            let answer = await world.call(
              function, body, prefix: prefix, fields: isForm ? [MementoWorld.form] : [])
            #expect(answer.errmsg == nil, "\(prefix) \(function) \(body) \(answer.text)")
            if let next = answer["sesionid"]?.string { token = next }
          }
        }
      }
    }
    #expect(await world.call("usuarioLista", #"{"sesionid":"\#(token)","idSesion":"\#(token)"}"#).errmsg == nil)
    let differing = await world.call("usuarioLista", #"{"sesionid":"\#(token)","idSesion":"x"}"#)
    #expect(differing.errmsg == "Faltan parámetros o no son válidos: sesionid.")
  }

  @Test("only administrators change levels and activity, whoever is meant", arguments: StoreKind.allCases)
  func administratorsOnly(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let administrator = try await world.logIn("good:ana").token
    let other = try await world.logIn("good:carla").token
    let stranger = try await world.api.open("stranger").token
    for level in ["I", "U", "C", "T"] {
      _ = await world.call("usuarioCambiaNivel", as: administrator, #""idUsuario":2,"nuevoNivel":"\#(level)""#)
      for token in [other, stranger] {
        for id in [1, 2, 3, 999] {
          let answers = [
            await world.call("usuarioCambiaNivel", as: token, #""idUsuario":\#(id),"nuevoNivel":"A""#),
            await world.call("usuarioCambiaActivo", as: token, #""idUsuario":\#(id),"nuevoEsActivo":false"#),
          ]
          for answer in answers {
            #expect(answer.errmsg == "Se necesita un nivel superior para esta función.", "\(level) \(id)")
          }
        }
      }
    }
    #expect(await world.call("usuarioLista", as: administrator).root?.elements[0]["nivelUsuario"]?.string == "A")
    #expect(
      await world.call("usuarioCambiaNivel", as: administrator, #""idUsuario":2,"nuevoNivel":"A""#).text
        == #"{"err":false}"#)
    #expect(await world.call("usuarioCambiaNivel", as: other, #""idUsuario":"3","nuevoNivel":"U""#).errmsg == nil)
  }

  @Test("a level counts from the next call of every live session on", arguments: StoreKind.allCases)
  func atOnce(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let administrator = try await world.logIn("good:ana").token
    let guests = [try await world.logIn("good:iker:1").token, try await world.logIn("good:iker:2").token]
    for (level, count) in [("C", 3), ("I", 1), ("A", 3), ("U", 1)] {
      _ = await world.call("usuarioCambiaNivel", as: administrator, #""idUsuario":3,"nuevoNivel":"\#(level)""#)
      for guest in guests { #expect(await world.call("usuarioLista", as: guest).root?.count == count) }
    }
  }

  @Test("who is deactivated is out at once and stays out, until activated again", arguments: StoreKind.allCases)
  func deactivation(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let administrator = try await world.logIn("good:ana").token
    let (token, time) = try await world.logIn("good:iker:1")
    for (off, on) in [("false", "true"), ("0", "1"), (#""false""#, #""true""#), (#""0""#, #""1""#)] {
      let mine = try await world.logIn("good:iker:\(off.hashValue)").token
      #expect(
        await world.call("usuarioCambiaActivo", as: administrator, #""idUsuario":3,"nuevoEsActivo":\#(off)"#).text
          == #"{"err":false}"#)
      for dead in [mine, token] {
        #expect(await world.call("usuarioLista", as: dead).isDeadSession)
        #expect(await world.api.send(.get, "/v2/session", bearer: dead).status == 401)
      }
      #expect(await world.call("loginRenew", as: token, #""mmtCreacion":"\#(time)""#).isDeadSession)
      #expect(await world.call("loginJwt", #"{"idtoken":"good:iker:x"}"#).errmsg != nil)
      let row = await world.call("usuarioLista", as: administrator).root?.elements[2]
      #expect(row?["esActivo"]?.boolean == false)
      _ = await world.call("usuarioCambiaActivo", as: administrator, #""idUsuario":"3","nuevoNivel":\#(on)"#)
      #expect(await world.call("usuarioLista", as: token).isDeadSession)
    }
    #expect(try await world.logIn("good:iker:x").token.hasPrefix("sst_"))
  }

  @Test("the last active administrator stays; one of two may go, also by their own hand", arguments: StoreKind.allCases)
  func lastAdministrator(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let token = try await world.logIn("good:ana").token
    let demotion = #""idUsuario":1,"nuevoNivel":"U""#
    let deactivation = #""idUsuario":1,"nuevoEsActivo":false"#
    for answer in [
      await world.call("usuarioCambiaNivel", as: token, demotion),
      await world.call("usuarioCambiaActivo", as: token, deactivation),
    ] {
      #expect(answer.errmsg == "Es el último administrador activo: debe quedar uno.")
    }
    #expect(await world.call("usuarioLista", as: token).root?.count == 3)
    _ = await world.call("usuarioCambiaNivel", as: token, #""idUsuario":2,"nuevoNivel":"A""#)
    #expect(await world.call("usuarioCambiaNivel", as: token, demotion).text == #"{"err":false}"#)
    #expect(await world.call("usuarioLista", as: token).root?.count == 1)
    #expect(await world.call("usuarioCambiaNivel", as: token, demotion).errmsg != nil)
    let second = try await world.logIn("good:carla").token
    _ = await world.call("usuarioCambiaNivel", as: second, #""idUsuario":1,"nuevoNivel":"A""#)
    #expect(await world.call("usuarioCambiaActivo", as: token, deactivation).text == #"{"err":false}"#)
    #expect(await world.call("usuarioLista", as: token).isDeadSession)
  }

  @Test("administrators who demote each other at once leave one", arguments: StoreKind.allCases)
  func demotions(kind: StoreKind) async throws {
    let world = try await MementoWorld(kind)
    let first = try await world.logIn("good:ana").token
    _ = await world.call("usuarioCambiaNivel", as: first, #""idUsuario":2,"nuevoNivel":"A""#)
    let second = try await world.logIn("good:carla").token
    async let one = world.call("usuarioCambiaNivel", as: first, #""idUsuario":2,"nuevoNivel":"U""#)
    async let two = world.call("usuarioCambiaNivel", as: second, #""idUsuario":1,"nuevoNivel":"U""#)
    let done = await [one, two].count { $0.errmsg == nil }
    #expect(done == 1)
    #expect(await world.api.send(.get, "/v2/accounts?level=A&count=true")["count"]?.integer == 1)
  }

  @Test("an id that is no user's is told to administrators as such, whatever its form")
  func unknownUser() async throws {
    let world = try await MementoWorld()
    let token = try await world.logIn("good:ana").token
    for id in ["999", #""999""#, #""x""#, #""01""#, #""+1""#, #""""#, #""1 OR 1=1""#, "9223372036854775807"] {
      let answer = await world.call("usuarioCambiaNivel", as: token, #""idUsuario":\#(id),"nuevoNivel":"U""#)
      #expect(answer.errmsg == "No existe ese usuario.", "\(id)")
    }
    for id in ["0", "-1", "1.5", "true", "null", "[1]", #"{"$gt":0}"#, #""\u0000""#] {
      let answer = await world.call("usuarioCambiaNivel", as: token, #""idUsuario":\#(id),"nuevoNivel":"U""#)
      #expect(answer.errmsg == "Faltan parámetros o no son válidos: idUsuario.", "\(id)")
    }
  }
}
