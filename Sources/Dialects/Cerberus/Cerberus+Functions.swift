import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

/// The functions as they are called over HTTP.
extension Cerberus {
  func create(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let body = request.body?.root
    guard let email = body?["email"]?.string else { throw .invalid("email", "is missing") }
    guard let password = body?["password"]?.string else { throw .invalid("password", "is missing") }
    let address = body?["ip"]?.string ?? request.caller.address
    var actor = request.user
    actor.name = request.caller.name
    actor.address = address.isEmpty ? nil : address
    let context = LoginContext(actor: actor, address: address)
    return try await sessions.created(email: email, password: password, context).response()
  }

  func renew(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    guard let user = request.body?.root["user"] else { throw .invalid("user", "is missing") }
    let id = try Self.userID(user["id"], "user.id")
    return try await sessions.renewed(id, session: user["session"]?.string, by: request.service).response()
  }

  func revoke(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let id = try Self.userID(request.body?.root["userID"], "userID")
    return try await sessions.revoked(id, by: request.service).response()
  }

  func get(_ request: RoutedRequest, fresh: Bool) async throws(Problem) -> HTTPResponse {
    try await sessions.found(request.body?.root["token"]?.string, fresh: fresh).response()
  }

  func list(_ request: RoutedRequest, _ conditions: CerberusWhere) async throws(Problem) -> HTTPResponse {
    let limit = request.body?.root["limit"]?.integer.flatMap { Int(exactly: $0) } ?? CerberusSessions.rowLimit
    let (rows, hasMore) = try await sessions.rows(conditions, limit: limit)
    // The rows are the whole answer, so that only a field can tell that they are not all.
    return .json(fields: hasMore ? [HTTPField("Sesame-More-Rows", "true")] : []) { json in
      json.beginArray()
      for row in rows { row.write(into: &json) }
      json.endArray()
    }
  }

  /// A user id, which the original knew as a number.
  private static func userID(_ value: JSONValue?, _ name: String) throws(Problem) -> ExactText {
    guard let value else { throw .invalid(name, "is missing") }
    if let number = value.integer { return ExactText(String(number)) }
    guard let text = value.string, (1...SessionPolicy.userIDLimit).contains(text.utf8.count),
      !text.utf8.contains(0)
    else { throw .invalid(name, "must be a number, or a string of 1 to \(SessionPolicy.userIDLimit) bytes") }
    return ExactText(text)
  }
}
