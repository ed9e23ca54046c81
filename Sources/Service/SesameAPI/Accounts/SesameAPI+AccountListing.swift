import Accounts
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension SesameAPI {
  static let accountParameters = [
    QueryParameter("email", .string("The account of that address.", length: 1...254)),
    QueryParameter("username", .string("The account of that user name.", length: 1...255)),
    QueryParameter("level", .oneOf(AccountSchema.levels, "Accounts of that level.")),
    QueryParameter("active", .boolean("Active accounts, or those that are not.")),
    QueryParameter("verified", .boolean("Verified accounts, or those that are not.")),
    QueryParameter("created_from", .time("Accounts created at that time or later.")),
    QueryParameter("created_to", .time("Accounts created before that time.")),
    limit, cursor,
    QueryParameter("order", .oneOf(["oldest", "newest"], "By number; oldest if left out.")),
    QueryParameter("count", .boolean("Whether all that match are counted.")),
  ]

  func listAccounts(_ request: RoutedRequest) async throws(Problem) -> HTTPResponse {
    var errors: [MemberError] = []
    let isDescending = request.query["order"] == "newest"
    var query = AccountQuery(
      Self.accountFilter(request.query, errors: &errors), isDescending: isDescending,
      limit: Int(clamping: request.query.integer("limit") ?? 100), counts: request.query.isTrue("count"))
    let list: NumberCursor.List = isDescending ? .accountsDescending : .accounts
    if let text = request.query["cursor"] {
      query.after = NumberCursor.read(text, in: list).flatMap { $0 >= 1 ? AccountID($0) : nil }
      if query.after == nil { errors.append(MemberError("cursor", "must be the next of a page in the same order")) }
    }
    if !errors.isEmpty { throw .invalid(errors, "Some parameters are not as they must be.") }
    let asked = query
    let page = try await Problem.storing { () async throws(StoreError) in try await accounts.page(asked) }
    return .json { json in
      json.beginObject()
      json.name("accounts")
      json.beginArray()
      for account in page.accounts { AccountJSON.write(account, into: &json) }
      json.endArray()
      json.name("next")
      if let next = page.next { json.string(NumberCursor.text(next.number, in: list)) } else { json.null() }
      if let count = page.count { json.member("count", Int64(count)) }
      json.endObject()
    }
  }

  private static func accountFilter(_ query: RequestQuery, errors: inout [MemberError]) -> AccountFilter {
    var filter = AccountFilter()
    if let email = query["email"] {
      filter.email = EmailAddress(email)
      if filter.email == nil { errors.append(MemberError("email", "must be an e-mail address")) }
    }
    filter.username = query["username"].map { ExactText($0) }
    filter.level = query["level"].flatMap(AccountLevel.init)
    filter.isActive = query["active"].map { $0 == "true" }
    filter.isVerified = query["verified"].map { $0 == "true" }
    func time(_ name: StaticString) -> Timestamp? {
      guard let given = query[name] else { return nil }
      let time = Timestamp(rfc3339: given)
      if time == nil { errors.append(MemberError("\(name)", "must be a time of RFC 3339")) }
      return time
    }
    filter.createdFrom = time("created_from")
    filter.createdBefore = time("created_to")
    return filter
  }
}
