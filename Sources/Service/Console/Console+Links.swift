import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Console {
  private static let draft = Schema.object([
    .optional("email", .string("Whose link; the administrator with the lowest number if left out.", length: 1...254))
  ])

  /// Makes a link that logs in once, for `sesame console`.
  var linkRoute: Route {
    Route(
      .post, "/links", "consoleLink", "Makes a link that logs an administrator in.", access: .service(.admin),
      body: Route.Body(Self.draft)
    ) { request throws(Problem) in try await makeLink(request) }
  }

  /// Only who reaches the administration socket itself: a key or a network's trust, which can be had from afar, is not
  /// enough to become an administrator.
  var linkAdmission: RouteGroup.Admission {
    { request, _ throws(Problem) in
      guard request.peer == .unixSocket, gate.trust.verdict(on: request) == .trusted else {
        throw Problem(
          .forbidden, .pageRefused, "Links are made through the administration socket alone; run: sesame console")
      }
      return Caller(address: request.peer.address)
    }
  }

  private func makeLink(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    var filter = AccountFilter()
    filter.level = .administrator
    filter.isActive = true
    if let text = request.body?.root["email"]?.string {
      guard let email = EmailAddress(text) else { throw .invalid("email", "must be an e-mail address") }
      filter.email = email
    }
    let query = AccountQuery(filter, limit: 1)
    let page = try await Problem.storing { () async throws(StoreError) in try await accounts.page(query) }
    guard let account = page.accounts.first else {
      let whose = filter.email == nil ? "There is no" : "That is not the address of an"
      throw Problem(
        .notFound, .notFound, "\(whose) active account of level A; create one first, or raise the level of one.")
    }
    let code = links.make(for: account.id, now: sessions.clock.now())
    return .json(.created) { json in
      json.beginObject()
      json.name("urls")
      json.beginArray()
      for address in node.addresses { json.string("\(address)/console#link=\(code)") }
      json.endArray()
      json.member("account", account.id.number)
      if let email = account.profile.email { json.member("email", email.text.string) }
      json.member("expires_in", LoginLinks.lifetime.milliseconds / 1000)
      json.endObject()
    }
  }
}
