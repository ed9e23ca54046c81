public import Accounts
internal import RedisDriver
public import SessionCore

extension RedisStore {
  /// One page of accounts, along the index of the level and the activity that the filter names.
  ///
  /// A page is walked in steps of at most a thousand accounts, so that no list keeps the server from others. Each step
  /// sees its accounts as they are then; what changes between two steps may be seen or not, and the count, which is one
  /// step if the filter names nothing else, is that of a moment after the page.
  public func page(_ query: AccountQuery) async throws(StoreError) -> AccountPage {
    if let email = query.filter.email { return Self.page(query, of: try await account(email: email)) }
    if let username = query.filter.username { return Self.page(query, of: try await account(username: username)) }
    let limit = max(1, query.limit)
    var accounts: [Account] = []
    var place = query.after
    var isAtEnd = false
    // One more than the page holds says whether others follow.
    while !isAtEnd, accounts.count <= limit {
      let wanted = min(limit - accounts.count, Self.largestPart - 1) + 1
      let part = try await walk(query, after: place, wanted: wanted, brings: true)
      accounts += part.accounts
      place = part.next
      isAtEnd = place == nil
    }
    var page = AccountPage(accounts: accounts, next: nil, count: nil)
    if accounts.count > limit {
      page.accounts = Array(accounts.prefix(limit))
      page.next = page.accounts.last?.id
    }
    if query.counts { page.count = try await count(query) }
    return page
  }

  /// How many accounts are answered together: their texts may be long.
  private static var largestPart: Int { 200 }

  /// The page of a filter that leads to at most one account.
  private static func page(_ query: AccountQuery, of account: Account?) -> AccountPage {
    let found = account.map { query.filter.matches($0) ? [$0] : [] } ?? []
    let following = found.filter { account in
      query.after.map { query.isDescending ? account.id < $0 : $0 < account.id } ?? true
    }
    return AccountPage(accounts: following, next: nil, count: query.counts ? found.count : nil)
  }

  private func count(_ query: AccountQuery) async throws(StoreError) -> Int {
    let filter = query.filter
    if filter.isVerified == nil, filter.createdFrom == nil, filter.createdBefore == nil {
      let list = AccountHash.list(level: filter.level, isActive: filter.isActive)
      let reply = try await askDirectory("ZCARD", list, by: deadline())
      guard let count = reply.asInteger else { throw AccountHash.damaged }
      return Int(count)
    }
    var count = 0
    var place: AccountID?
    repeat {
      let part = try await walk(query, after: place, wanted: .max, brings: false)
      count += part.count
      place = part.next
    } while place != nil
    return count
  }

  /// What one step along an index finds, and after which number the next one begins; `nil` at the end.
  private func walk(
    _ query: AccountQuery, after: AccountID?, wanted: Int, brings: Bool
  ) async throws(StoreError) -> (next: AccountID?, count: Int, accounts: [Account]) {
    let filter = query.filter
    let reply = try await askDirectory(
      scripts.accounts.walk,
      [
        RedisArgument(AccountHash.list(level: filter.level, isActive: filter.isActive)),
        query.isDescending ? "1" : "0", .optional(after?.description), RedisArgument(Self.longestWalk),
        RedisArgument(wanted), .optional(filter.isVerified.map { $0 ? "1" : "0" }),
        .optional(filter.createdFrom.map { String($0.milliseconds) }),
        .optional(filter.createdBefore.map { String($0.milliseconds) }), brings ? "1" : "0",
      ], by: deadline())
    guard let parts = reply.asArray, parts.count == 3, let last = parts[0].asText, let count = parts[1].asInteger,
      let rows = parts[2].asArray
    else { throw AccountHash.damaged }
    var accounts: [Account] = []
    for row in rows { accounts.append(try Self.account(row)) }
    if last.isEmpty { return (nil, Int(count), accounts) }
    guard let next = Self.accountID(parts[0]) else { throw AccountHash.damaged }
    return (next, Int(count), accounts)
  }
}
