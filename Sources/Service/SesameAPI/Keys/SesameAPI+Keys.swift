import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  /// The routes for service keys; for administrators, as who makes keys can do anything.
  var keyRoutes: [Route] {
    [
      Route(
        .get, "/keys", "listKeys", "Lists service keys.", access: .service(.admin), query: [Self.limit, Self.cursor],
        answers: [Route.Answer(.ok, "A page of the list, by number.", KeySchema.page)]
      ) { request throws(Problem) in try await listKeys(request) },
      Route(
        .post, "/keys", "createKey", "Makes a service key.", access: .service(.admin),
        body: Route.Body(KeySchema.draft),
        answers: [Route.Answer(.created, "The key, and its secret, which is shown this once.", KeySchema.created)]
      ) { request throws(Problem) in try await createKey(request) },
      Route(
        .delete, "/keys/{id}", "revokeKey", "Revokes a service key.", access: .service(.admin),
        parameters: [PathParameter("id", KeySchema.id)],
        answers: [Route.Answer(.noContent, "It opens nothing any more.")]
      ) { request throws(Problem) in try await revokeKey(request) },
    ].map { $0.tagged("keys") }
  }

  private func listKeys(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let limit = Int(clamping: request.query.integer("limit") ?? 100)
    var after: Int64 = 0
    if let text = request.query["cursor"] {
      guard let place = NumberCursor.read(text, in: .keys), place >= 0 else {
        throw .invalid("cursor", "must be the next of a page")
      }
      after = place
    }
    let place = after
    // One more than asked for tells whether there is a next page.
    let found = try await Problem.storing { () async throws(StoreError) in
      try await keys.page(after: place, limit: limit + 1)
    }
    let page = found.prefix(limit)
    return .json { json in
      json.beginObject()
      json.name("keys")
      json.beginArray()
      for key in page { KeyJSON.write(key, into: &json) }
      json.endArray()
      json.name("next")
      if found.count > limit, let last = page.last {
        json.string(NumberCursor.text(last.id, in: .keys))
      } else {
        json.null()
      }
      json.endObject()
    }
  }

  private func createKey(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    defer { events.wake() }
    guard let body = request.body?.root else { throw .invalid("", "must be an object") }
    let name = ExactText(body["name"]?.string ?? "")
    guard name.byteCount <= 255 else { throw .invalid("name", "must have at most 255 bytes") }
    let scopes = Set((body["scopes"]?.elements ?? []).compactMap { $0.string.flatMap(ServiceScope.init) })
    guard !scopes.isEmpty else { throw .invalid("scopes", "must not be empty") }
    let expires = try expiry(in: body)
    let made = try await Problem.storing { () async throws(StoreError) in
      try await keys.create(name: name, scopes: scopes, expires: expires, by: request.service)
    }
    return .json(.created) { json in
      json.beginObject()
      json.name("key")
      KeyJSON.write(made.key, into: &json)
      json.member("secret", utf8: made.secret.text)
      json.endObject()
    }
  }

  private func expiry(in body: JSONValue) throws(Problem) -> Timestamp? {
    let now = sessions.clock.now()
    switch (body["expires"]?.string, body["expires_in"]?.integer) {
    case (nil, nil): return nil
    case (_?, _?): throw .invalid("expires_in", "can't be given beside expires")
    case (nil, let seconds?): return now + .seconds(seconds)
    case (let text?, nil):
      guard let time = Timestamp(rfc3339: text) else { throw .invalid("expires", "must be a time of RFC 3339") }
      guard time > now else { throw .invalid("expires", "must be in the future") }
      return time
    }
  }

  private func revokeKey(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    defer { events.wake() }
    // What is not a number that a key can have names no key.
    guard let number = AccountID(ExactText(request.parameters[0]))?.number else { throw .noKey }
    let revoked = try await Problem.storing { () async throws(StoreError) in
      try await keys.revoke(number, by: request.service)
    }
    guard revoked != nil else { throw .noKey }
    return HTTPResponse(status: .noContent)
  }
}
