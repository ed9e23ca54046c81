import Cerberus
import HTTPMessages
import JSON
import SessionCore
import Testing

/// An API with one account, and the functions called over HTTP.
struct CerberusWorld {
  let api: APIWorld
  /// The id of Ana's account.
  let ana: Int64

  static let credentials = #""email":"ana@example.org","password":"correct horse""#

  init(
    _ kind: StoreKind, _ settings: Cerberus.Settings = Cerberus.Settings(),
    _ adjust: (inout SessionPolicy) -> Void = { _ in }
  ) async throws {
    api = try await APIWorld(kind, cerberus: settings, adjust)
    let account = try await api.account(
      #"""
      "email":"ana@example.org","username":"ana","first_name":"Ana","last_name":"Ruiz","timezone":"Europe/Madrid",
      "password":"correct horse"
      """#)
    ana = try #require(account["id"]?.integer ?? account["id"]?.string.flatMap { Int64($0) })
  }

  func call(_ function: String, _ body: String?, isSlow: Bool = false) async -> Answer {
    await api.send(.post, "/cerberus/sessions/\(function)", body, isSlow: isSlow)
  }

  /// Logs Ana in; her token.
  func token(_ more: String = "") async throws -> String {
    let answer = await call("create", "{\(Self.credentials)\(more)}")
    try #require(answer.status == 201, "\(answer.text)")
    return try #require(answer["token"]?.string)
  }

  func get(_ token: String, _ function: String = "get", isSlow: Bool = false) async -> Answer {
    await call(function, #"{"token":"\#(token)"}"#, isSlow: isSlow)
  }

  /// The public id of a token's session.
  func session(_ token: String) async throws -> String {
    try #require(await get(token)["user"]?["session"]?.string)
  }

  /// The rows of a list.
  func list(_ conditions: String? = nil, limit: Int? = nil) async -> Answer {
    let more = limit.map { #""limit":\#($0)"# }
    guard let conditions else { return await call("listAll", "{\(more ?? "")}") }
    return await call("listSome", #"{"where":\#(conditions)\#(more.map { "," + $0 } ?? "")}"#)
  }

  func ids(_ conditions: String) async throws -> [String] {
    let answer = await list(conditions)
    try #require(answer.status == 200, "\(answer.text)")
    return try #require(answer.root).elements.compactMap { $0["id"]?.string }
  }
}

/// Whether an answer is a failed call's reply, of that status and message.
func isRefusal(_ answer: Answer, _ status: Int, _ message: String? = nil) -> Bool {
  answer.status == status && answer["success"]?.boolean == false && answer["status"]?.integer == Int64(status)
    && answer["err"]?.string != nil && answer["token"] == nil && answer["user"] == nil
    && message.map { answer["message"]?.string == $0 } ?? true
}

/// The reply that a failed call throws; `nil` if it does not fail.
func refusal<Value>(_ body: () async throws(CerberusReply) -> Value) async -> CerberusReply? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}
