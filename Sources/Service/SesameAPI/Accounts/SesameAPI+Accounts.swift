import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  /// The account id in the path; what is not one names no account.
  private func id(_ request: RoutedRequest) throws(Problem) -> AccountID {
    guard let id = AccountID(ExactText(request.parameters[0])) else { throw .noAccount }
    return id
  }

  private func shown(
    _ account: Account, _ status: HTTPStatus = .ok, fields: [HTTPField] = []
  ) -> HTTPResponse {
    .json(status, fields: fields + [EntityTag.field(account.revision)]) { json in
      AccountJSON.write(account, into: &json)
    }
  }

  func showAccount(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    let id = try id(request)
    let account = try await Problem.storing { () async throws(StoreError) in try await accounts.account(id) }
    guard let account else { throw .noAccount }
    return shown(account)
  }

  func createAccount(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    defer { events.wake() }
    guard let body = request.body?.root else { throw .invalid("", "must be an object") }
    var profile = AccountProfile()
    try AccountReader(body).apply(to: &profile)
    let password = try Self.newPassword(in: body)
    let draft = profile
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await accounts.create(draft, password: password, by: request.service)
    }
    let account = try Self.done(verdict)
    return shown(account, .created, fields: [HTTPField("Location", "/v2/accounts/\(account.id)")])
  }

  private static func newPassword(in body: JSONValue) throws(Problem) -> NewPassword? {
    switch (body["password"]?.string, body["password_hash"]?.string) {
    case (nil, nil): return nil
    case (let password?, nil): return .plain(password)
    case (nil, let hash?): return .hashed(PasswordHash(hash))
    case (_?, _?): throw .invalid("password_hash", "can't be given beside password")
    }
  }

  func changeAccount(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    defer { events.wake() }
    let id = try id(request)
    guard let patch = request.body?.root else { throw .invalid("", "must be an object") }
    let reader = try AccountReader(patch)
    let password = patch["password"]?.string
    // Two writes would be needed, and the first might stand alone.
    if password != nil, patch.count > 1 {
      throw .invalid("password", "must be set by a request of its own")
    }
    let revision = try await checkIfMatch(request, id)
    let verdict = try await Problem.storing { () async throws(StoreError) in
      if let password { return try await accounts.setPassword(password, of: id, by: request.service) }
      return try await accounts.change(id, ifRevision: revision, by: request.service) { reader.apply(to: &$0) }
    }
    return shown(try Self.done(verdict))
  }

  func removeAccount(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    defer { events.wake() }
    let id = try id(request)
    let revision = try await checkIfMatch(request, id)
    let verdict = try await Problem.storing { () async throws(StoreError) in
      try await accounts.remove(id, ifRevision: revision, by: request.service)
    }
    _ = try Self.done(verdict)
    return HTTPResponse(status: .noContent)
  }

  /// Throws unless If-Match, if there is one, names the account's revision.
  ///
  /// - Returns: the revision at which a change may happen; `nil` for any.
  private func checkIfMatch(_ request: RoutedRequest, _ id: AccountID) async throws(Problem) -> Int64? {
    guard let condition = IfMatch(request.request) else { return nil }
    let account = try await Problem.storing { () async throws(StoreError) in
      try await accounts.account(id, fresh: true)
    }
    guard let account else { throw .noAccount }
    if !condition.isMet(by: account.revision) { throw Self.mismatch(account) }
    return condition.isAny ? nil : account.revision
  }

  private static func mismatch(_ account: Account) -> Problem {
    Problem(
      .preconditionFailed, .revisionMismatch, "The account is at revision \(account.revision).",
      fields: [EntityTag.field(account.revision)])
  }

  /// The account of a change that happened.
  ///
  /// - Throws: why it did not.
  private static func done(_ verdict: AccountVerdict) throws(Problem) -> Account {
    switch verdict {
    case .done(let account): return account
    case .missing, .conflict(current: nil): throw .noAccount
    case .conflict(let current?): throw mismatch(current)
    case .taken(let member): throw .taken(member)
    case .lastAdministrator: throw .lastAdministrator
    case .invalid(let member, let reason): throw .invalid(member, reason)
    case .busy(let wait): throw .busy(retryAfter: wait)
    }
  }
}
