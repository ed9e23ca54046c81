import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting

extension SesameAPI {
  private static let id = PathParameter("id", AccountSchema.id)
  private static let read = Access.service(.accountsRead)
  private static let write = Access.service(.accountsWrite)
  private static let busy = Route.Answer(
    .serviceUnavailable, "Too many passwords are being hashed, or the store is away; see Retry-After.")

  /// The routes for services, on accounts.
  var accountRoutes: [Route] {
    let routes = [
      Route(
        .get, "/accounts", "listAccounts", "Lists accounts.", access: Self.read, query: Self.accountParameters,
        answers: [Route.Answer(.ok, "A page of the list.", AccountSchema.page)]
      ) { request throws(Problem) in try await listAccounts(request) },
      Route(
        .post, "/accounts", "createAccount",
        "Creates an account; the first active one becomes an administrator.", access: Self.write,
        body: Route.Body(AccountSchema.draft),
        answers: [
          Route.Answer(.created, "The account, with its ETag.", AccountSchema.account),
          Route.Answer(.conflict, "Its address, user name or link belongs to another account."), Self.busy,
        ]
      ) { request throws(Problem) in try await createAccount(request) },
      Route(
        .get, "/accounts/{id}", "showAccount", "Shows an account.", access: Self.read, parameters: [Self.id],
        answers: [Route.Answer(.ok, "The account, with its ETag.", AccountSchema.account)]
      ) { request throws(Problem) in try await showAccount(request) },
      Route(
        .patch, "/accounts/{id}", "changeAccount", "Changes an account by JSON merge patch; honours If-Match.",
        access: Self.write, parameters: [Self.id],
        body: Route.Body(AccountSchema.patch, mediaTypes: ["application/merge-patch+json", "application/json"]),
        answers: [
          Route.Answer(.ok, "The account as changed, with its ETag.", AccountSchema.account),
          Route.Answer(
            .conflict, "Something of it belongs to another account, or it is the last active administrator."),
          Route.Answer(.preconditionFailed, "The account is not at a revision that If-Match names."), Self.busy,
        ]
      ) { request throws(Problem) in try await changeAccount(request) },
      Route(
        .delete, "/accounts/{id}", "removeAccount", "Deletes an account and closes its sessions; honours If-Match.",
        access: Self.write, parameters: [Self.id],
        answers: [
          Route.Answer(.noContent, "It is gone."),
          Route.Answer(.conflict, "It is the last active administrator."),
          Route.Answer(.preconditionFailed, "The account is not at a revision that If-Match names."),
        ]
      ) { request throws(Problem) in try await removeAccount(request) },
    ]
    return routes.map { $0.tagged("accounts") }
  }
}
