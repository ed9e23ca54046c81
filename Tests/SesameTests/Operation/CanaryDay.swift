import Foundation
import HTTPTesting
import JSON
import Testing

/// A day on which every interface is given every kind of credential, good and bad, in its place and out of it.
final class CanaryDay {
  let program: RunningProgram
  let client: ServiceClient
  let world: IssuerWorld
  /// Every credential of the day.
  private(set) var canaries = Canaries()
  /// What was answered to refused requests, and whatever lists or shows things.
  private(set) var shown: [UInt8] = []

  /// A token that `sesame import` has brought.
  static let imported = "imported-canary-4f1d0c6be27a"
  /// What the webhook is signed with.
  static let webhookSecret = "webhook-canary-8c1f5b1e0d9a4e7c5d20"
  private static let ownPage = (name: "Sec-Fetch-Site", value: "same-origin")

  init(_ program: RunningProgram, _ world: IssuerWorld) throws {
    self.program = program
    client = try program.client()
    self.world = world
    canaries.add(Self.imported, "an imported token")
    canaries.add(Self.webhookSecret, "the webhook's secret")
    // Lines of a key ring end with the secret.
    for line in String(decoding: program.folder.bytes(of: "data/keys"), as: UTF8.self).split(separator: "\n") {
      if !line.hasPrefix("#") { canaries.add(line.split(separator: " ").last.map(String.init), "the key ring") }
    }
  }

  /// Has a session in the store that the token of another program opens; `flags` say which store.
  static func bringToken(to folder: TemporaryFolder, _ flags: [String] = []) throws {
    let head = "sid,unique_identifier,expires,createdAt"
    try folder.write("\(head)\n\(imported),anna,2099-01-01 00:00:00,2025-01-01 00:00:00\n", to: "table.csv")
    let run = try ProgramRun(
      sesame: ["import", "--from", "session-model", "table.csv", "--data", "data"] + flags, in: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    try FileManager.default.removeItem(atPath: folder.file("table.csv"))
  }

  /// Adds a credential that the program must have given.
  @discardableResult
  private func keep(_ secret: String?, _ name: String) throws -> String {
    let secret = try #require(secret, "no \(name) was given")
    canaries.add(secret, name)
    return secret
  }

  /// Sends a request, and keeps the answer if it is a refusal; `shows` also keeps one that is none.
  @discardableResult
  private func send(
    _ method: String, _ target: String, _ body: String? = nil, bearer: String? = nil,
    fields: [(name: String, value: String)] = [], shows: Bool = false
  ) throws -> HTTPReply {
    let reply = try client.send(method, target, body, bearer: bearer, fields: fields)
    #expect(reply.status < 500, "\(method) \(target): \(reply.status)")
    // Memento answers 200 to everything.
    if shows || reply.status >= 400 || reply["err"]?.boolean == true {
      shown += reply.body
      shown += reply.fields.flatMap { Array("\n\($0.name): \($0.value)\n".utf8) }
    }
    return reply
  }

  /// Shows a credential in every place where a client could put it.
  private func misplace(_ secret: String) throws {
    for target in [
      "/v2/session?token=\(secret)", "/v2/sessions/\(secret)", "/\(secret)", "/v2/sessions?cursor=\(secret)",
    ] {
      try send("GET", target)
    }
    for value in ["Basic \(secret)", "Bearer \(secret)x", "Bearer \(secret) \(secret)", secret] {
      try send("GET", "/v2/session", fields: [("Authorization", value)])
    }
    for value in ["__Host-sesame=\(secret)x", "__Host-sesame=\(secret); __Host-sesame=\(secret)"] {
      try send("DELETE", "/v2/session", fields: [("Cookie", value)])
    }
    let targets = [
      "/v2/verify", "/v2/login", "/v2/keys", "/v2/accounts", "/v2/sessions", "/sessions/get_session_by_id",
      "/cerberus/sessions/get", "/session_model/find", "/session_model/create", "/create", "/verify",
      "/apigen/loginJwt", "/apigen/loginRenew", "/console/api/login/link",
    ]
    for target in targets {
      for body in [#"{"token":"\#(secret)","x":1"#, #""\#(secret)""#, #"{"token":["\#(secret)"]}"#] {
        try send("POST", target, body)
      }
      // The name of a member that is not known is told, to whoever sent it alone; it must be nowhere else.
      #expect(try client.send("POST", target, #"{"\#(secret)":1}"#).status < 500, "\(target)")
    }
    try send("POST", "/v2/verify", "token=\(secret)", fields: [("Content-Type", "application/x-www-form-urlencoded")])
    try send("TRACK", "/v2/session", bearer: secret)
  }

  /// Sessions of `/v2`: tokens, cookies, renewals, signed tokens.
  func sessions() throws {
    let (_, token) = try client.open("ann", #""data":{"a":1}"#)
    try keep(token, "a token")
    let jwt = try keep(send("POST", "/v2/session/jwt", bearer: token)["jwt"]?.string, "a signed token")
    #expect(try send("POST", "/v2/verify", #"{"token":"\#(jwt)"}"#)["active"]?.boolean == true)
    try send("GET", "/v2/forward-auth", bearer: token, shows: true)
    try send("GET", "/v2/forward-auth", fields: [("Cookie", "__Host-sesame=\(token)x")])
    let renewed = try keep(send("POST", "/v2/session/renew", bearer: token)["token"]?.string, "a renewed token")
    for secret in [token, jwt, renewed] { try misplace(secret) }
    let cookie = try send("POST", "/v2/sessions", #"{"user_id":"bob","cookie":true}"#)
    let given = try keep(cookie["token"]?.string, "a token for a cookie")
    let proof = try keep(cookie["csrf_token"]?.string, "a CSRF token")
    for value in [proof, "\(proof)x"] {
      try send(
        "POST", "/v2/session/renew",
        fields: [("Cookie", "__Host-sesame=\(given)"), ("X-CSRF-Token", value), ("Origin", "https://else.example")])
    }
    try send("GET", "/v2/session", bearer: Self.imported, shows: true)
    try misplace(Self.imported)
  }

  /// Accounts and log-ins, by password and by id token.
  func logins() throws {
    let (first, second) = ("password-canary-a7b1", "password-canary-c93e")
    for password in [first, second, "\(first)-wrong", "pw-c7"] { canaries.add(password, "a password") }
    let made = try client.untilServed {
      try send("POST", "/v2/accounts", #"{"email":"eve@example.org","level":"A","password":"\#(first)"}"#, shows: true)
    }
    #expect(made.status == 201)
    try send("POST", "/v2/accounts", #"{"email":"x@example.org","password":"pw-c7"}"#)
    try send("POST", "/v2/accounts", #"{"email":"eve@example.org","password":"\#(first)"}"#)
    try send("POST", "/v2/accounts", #"{"email":"y@example.org","password":["\#(first)"]}"#)
    try send("PATCH", "/v2/accounts/1", #"{"pasword":"\#(first)"}"#)
    let email = #""email":"eve@example.org""#
    for body in [
      #"{\#(email),"password":"\#(first)-wrong"}"#, #"{\#(email),"password":["\#(first)"]}"#,
      #"{\#(email),"password":"\#(first)","x":1}"#, #"{\#(email),"password":"\#(first)""#,
    ] {
      try send("POST", "/v2/login", body)
    }
    try send("GET", "/v2/login?password=\(first)")
    let token = try keep(client.logIn("eve", first)["token"]?.string, "a token of a log-in")
    for current in ["\(first)-wrong", first] {
      let body = #"{"current":"\#(current)","new":"pw-c7"}"#
      try send("POST", "/v2/password", body, bearer: token)
    }
    let change = #"{"current":"\#(first)","new":"\#(second)"}"#
    let changed = try client.untilServed { try send("POST", "/v2/password", change, bearer: token) }
    try keep(changed["token"]?.string, "a token after a change of password")

    try client.account(of: "ann", at: world)
    let good = String(decoding: world.token(), as: UTF8.self)
    canaries.add(good, "an id token")
    #expect(try send("POST", "/v2/login", #"{"id_token":"\#(good)"}"#).status == 201)
    try send("POST", "/v2/login", #"{"id_token":"\#(good)"}"#)
    try send("POST", "/v2/login", #"{"id_token":"\#(good)x"}"#)
    try misplace(good)
    let other = String(decoding: world.token(id: 2), as: UTF8.self)
    canaries.add(other, "an id token")
    let opened = try send("POST", "/apigen/loginJwt", #"{"idtoken":"\#(other)"}"#)
    let id = try keep(opened["sesionid"]?.string, "a token of memento's")
    let time = try #require(opened["mmtCreacion"]?.string)
    let next = try send("POST", "/apigen/loginRenew", #"{"sesionid":"\#(id)","mmtCreacion":"\#(time)"}"#)
    try keep(next["sesionid"]?.string, "a renewed token of memento's")
    try send("POST", "/apigen/loginJwt", #"{"idtoken":"\#(other)"}"#)
    try send("POST", "/apiapp/usuarioLista", #"{"sesionid":"\#(id)x"}"#)
    try send("POST", "/apiapp/usuarioLista", #"{"sesionid":"\#(id)"}"#, shows: true)
  }

  /// Service keys, a console's link and what it opens.
  func keys() throws {
    let body = #"{"name":"shop","scopes":["sessions:read","events:read"]}"#
    let made = try send("POST", "/v2/keys", body)
    let key = try keep(made["secret"]?.string, "a service key")
    try send("GET", "/v2/sessions", bearer: key, shows: true)
    try send("POST", "/v2/sessions", #"{"user_id":"ann"}"#, bearer: key)
    try send("GET", "/v2/sessions", bearer: "\(key)x")
    try misplace(key)
    let data = ["--data", program.folder.file(RunningProgram.data)]
    let run = try ProgramRun(sesame: ["console", "--account", "eve@example.org"] + data, in: "/")
    let code = try keep(run.output.first?.split(separator: "=").last.map(String.init), "a console's link")
    try send("POST", "/console/api/login/link", #"{"code":"\#(code)x"}"#, fields: [Self.ownPage])
    let opened = try send("POST", "/console/api/login/link", #"{"code":"\#(code)"}"#, fields: [Self.ownPage])
    #expect(opened.status == 201)
    let cookie = try #require(opened.values(of: "set-cookie").first?.split(separator: ";").first)
    try keep(cookie.split(separator: "=").last.map(String.init), "a console's cookie")
    for name in ["session", "settings", "node", "sessions", "keys"] {
      try send("GET", "/console/api/\(name)", fields: [("Cookie", String(cookie)), Self.ownPage], shows: true)
    }
    try send("POST", "/console/api/login/link", #"{"code":"\#(code)"}"#, fields: [Self.ownPage])
  }

  /// Cerberus, Session_Model, the session service and Sessions V1.
  func dialects() throws {
    let password = "password-canary-c93e"
    let login = #"{"email":"eve@example.org","password":"\#(password)"}"#
    let created = try client.untilServed { try send("POST", "/cerberus/sessions/create", login) }
    let token = try keep(created["token"]?.string, "a token of Cerberus'")
    let got = try send("POST", "/cerberus/sessions/get", #"{"token":"\#(token)"}"#, shows: true)
    let user = try #require(got["user"]?.text.description)
    let renewed = try send("POST", "/cerberus/sessions/renew", #"{"user":\#(user)}"#)
    try keep(renewed["token"]?.string, "a renewed token of Cerberus'")
    try send("POST", "/cerberus/sessions/create", #"{"email":"eve","password":"\#(password)"}"#)
    try send("POST", "/cerberus/sessions/get", #"{"token":"\#(token)x"}"#)
    try send("POST", "/cerberus/sessions/listAll", "{}", shows: true)
    try misplace(token)

    let issued = try send("POST", "/session_model/create", #"{"unique_identifier":"mia","user_agent":"a"}"#)
    let sid = try #require(issued["sid"]?.string)
    let cookie = try #require(issued["data"]?.text.description)
    try keep(issued["data"]?.string.flatMap { JSONReading($0)["token"]?.string }, "a cookie of Session_Model's")
    let find = #""sid":"\#(sid)","unique_identifier":"mia","user_agent":"a""#
    #expect(try send("POST", "/session_model/find", "{\(find),\"cookie\":\(cookie)}", shows: true).status == 200)
    try send("POST", "/session_model/find", "{\(find),\"cookie\":\(cookie.dropLast())x\"}")
    let update = #"{"sid":"\#(sid)","unique_identifier":"mia","status":"verified"}"#
    let next = try send("POST", "/session_model/update", update)
    try keep(next["data"]?.string.flatMap { JSONReading($0)["token"]?.string }, "a cookie of Session_Model's")

    let carried = "carried-canary-1b6e77c3-that-its-caller-made"
    canaries.add(carried, "a carried token")
    let body = #"{"user_id":"zoe","token":"\#(carried)"}"#
    try send("POST", "/create", body, shows: false)
    #expect(try send("POST", "/verify", body, shows: true)["message"]?.string == "true")
    try send("POST", "/verify", #"{"user_id":"zoe","token":"\#(carried)x"}"#, shows: true)
    try send("POST", "/create", #"{"user_id":"zoe","token":"\#(carried)","ttl":"never"}"#)
    try send("POST", "/create", #"{"user_id":7,"token":"\#(carried)"}"#)
    try misplace(carried)

    try send("POST", "/v1/sessions/open_session", #"{"user_id":"kim","user_name":"Kim"}"#)
    try send("POST", "/v1/sessions/get_sessions", "{}", shows: true)
  }

  /// Reads whatever shows what is there, and asks for what is wrong.
  func look() throws {
    for target in [
      "/v2/sessions?include=user,data&limit=1000", "/v2/accounts", "/v2/keys", "/metrics",
      "/healthz", "/readyz", "/openapi.json", "/.well-known/jwks.json",
    ] {
      #expect(try send("GET", target, shows: true).status == 200, "\(target)")
    }
    for line in try client.events() { shown += Array(line.text.utf8) }
  }
}
