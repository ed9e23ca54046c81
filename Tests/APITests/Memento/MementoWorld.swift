import Accounts
import HTTPMessages
import HTTPTesting
import JSON
import SessionCore
import Testing

/// A world as a client of the memento API sees it: account 1 is an administrator, 2 a collaborator, 3 a guest.
struct MementoWorld: Sendable {
  static let form = HTTPField("Content-Type", "application/x-www-form-urlencoded")
  private static let far = HTTPPeer.network(address: "198.51.100.7", port: 7)

  let api: APIWorld

  init(
    _ kind: StoreKind = .memory, logins policy: LoginPolicy = LoginPolicy(),
    _ adjust: (inout SessionPolicy) -> Void = { _ in }
  ) async throws {
    api = try await APIWorld(kind, logins: policy, adjust)
    for (name, level) in [("ana", "A"), ("carla", "C"), ("iker", "I")] {
      try await api.account(
        #""email":"\#(name)@example.org","name":"\#(name)","level":"\#(level)","picture":"https://x.example/\#(name)","#
          + #""links":[{"issuer":"https://issuer.example","subject":"\#(name)"}]"#)
    }
  }

  /// Calls a function as a browser far away does, and checks what holds for every answer.
  func call(
    _ function: String, _ body: String? = nil, prefix: String = "/apigen", fields: [HTTPField] = [],
    method: HTTPMethod = .post
  ) async -> Answer {
    let answer = await api.send(
      method, "\(prefix)/\(function)", body, fields: fields, host: HTTPField("Host", "id.example.org"), peer: Self.far)
    #expect(answer.status == 200 && answer.field("content-type") == "application/json", "\(function) \(answer.text)")
    return answer
  }

  /// Calls with JSON that has the session and more members.
  func call(_ function: String, as token: String, _ more: String = "") async -> Answer {
    await call(function, #"{"sesionid":"\#(token)"\#(more.isEmpty ? "" : "," + more)}"#)
  }

  /// Opens a session by id token.
  func logIn(_ idToken: String) async throws -> (token: String, time: String) {
    let answer = await call("loginJwt", #"{"idtoken":"\#(idToken)"}"#)
    return (
      try #require(answer["sesionid"]?.string, "\(answer.text)"), try #require(answer["mmtCreacion"]?.string)
    )
  }
}

extension Answer {
  /// The error's sentence; `nil` if it is no error object.
  var errmsg: String? { self["err"]?.boolean == true ? self["errmsg"]?.string : nil }
  /// Whether it says that the session is good for nothing.
  var isDeadSession: Bool { text == #"{"err":true,"errmsg":"La sesión no es válida o ha terminado."}"# }
}
