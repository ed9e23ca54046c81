import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Memento {
  func list(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let (_, account) = try await caller(request)
    guard let account else { return UserList.response([]) }
    guard account.profile.level >= .collaborator else { return UserList.response([account]) }
    let first = try await Problem.storing { () async throws(StoreError) in
      try await accounts.page(AccountQuery(limit: UserList.pageSize))
    }
    return first.next == nil
      ? UserList.response(first.accounts) : UserList(accounts: accounts, first: first).response
  }

  func changeLevel(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let actor = try await administrator(request)
    guard let level = request.body?.root["nuevoNivel"]?.string.flatMap(AccountLevel.init) else {
      throw .invalid("nuevoNivel", "is missing")
    }
    return try await change(request, by: actor) { $0.level = level }
  }

  func changeActive(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let body = request.body?.root
    let given = [body?["nuevoEsActivo"], body?["nuevoNivel"]].compactMap(\.self).map(LooseBoolean.value)
    let actor = try await administrator(request)
    guard let first = given.first, let isActive = first, given.allSatisfy({ $0 == isActive }) else {
      throw .invalid("nuevoEsActivo", "is missing, or given twice and differs")
    }
    return try await change(request, by: actor) { $0.isActive = isActive }
  }

  /// Changes the account that `idUsuario` names; its live sessions see it, or have ended, when this returns.
  private func change(
    _ request: RoutedRequest, by actor: Actor, _ edit: @Sendable (inout AccountProfile) -> Void
  ) async throws(Problem) -> HTTPResponse {
    defer { events.wake() }
    guard let id = Self.userID(in: request.body?.root) else { throw .noUser }
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await accounts.change(id, by: actor, edit)
    }
    switch verdict {
    case .done:
      return .json { json in
        json.beginObject()
        json.member("err", false)
        json.endObject()
      }
    case .missing, .conflict, .taken: throw .noUser
    case .lastAdministrator: throw .lastAdministrator
    case .invalid(let member, let reason): throw .invalid(member, reason)
    case .busy: throw Problem(.serviceUnavailable, .busy, "The server is busy.")
    }
  }

  /// The account that is named; text that is no number of an account names none.
  private static func userID(in body: JSONValue?) -> AccountID? {
    guard let value = body?["idUsuario"] else { return nil }
    return (value.exactText ?? value.integer.map { ExactText(String($0)) }).flatMap { AccountID($0) }
  }
}
