internal import Accounts
internal import SessionCore

extension AccountTable {
  /// One page of a list, walked along the smallest group that holds all that match.
  func page(_ query: AccountQuery) -> AccountPage {
    let limit = max(1, query.limit)
    var accounts: [Account] = []
    var hasMore = false
    forEachCandidate(query) { account in
      guard query.filter.matches(account) else { return true }
      guard accounts.count < limit else {
        hasMore = true
        return false
      }
      accounts.append(account)
      return true
    }
    return AccountPage(
      accounts: accounts, next: hasMore ? accounts.last?.id : nil, count: query.counts ? count(query.filter) : nil)
  }

  /// Walks what may match, in order and from the query's place on, until `body` answers `false`.
  private func forEachCandidate(_ query: AccountQuery, _ body: (Account) -> Bool) {
    if let ids = named(by: query.filter) {
      for id in ids where query.after.map({ query.isDescending ? id < $0 : id > $0 }) ?? true {
        if let entry = entries[id], !body(entry.account) { return }
      }
      return
    }
    let group = Group(query.filter)
    let ids = groups[group] ?? []
    if query.isDescending {
      let end = query.after.map { place(of: $0, in: group) } ?? ids.count
      for id in ids[..<end].reversed() {
        if let entry = entries[id], !body(entry.account) { return }
      }
    } else {
      var start = query.after.map { place(of: $0, in: group) } ?? 0
      if start < ids.count, ids[start] == query.after { start += 1 }
      for id in ids[start...] {
        if let entry = entries[id], !body(entry.account) { return }
      }
    }
  }

  /// The accounts that a filter names by what only one account can have; `nil` if it names none so.
  private func named(by filter: AccountFilter) -> [AccountID]? {
    if let email = filter.email { return emails[email].map { [$0] } ?? [] }
    if let username = filter.username { return usernames[username].map { [$0] } ?? [] }
    return nil
  }

  /// How many accounts match; arithmetic where the filter asks for nothing but level and activity.
  private func count(_ filter: AccountFilter) -> Int {
    var rest = filter
    (rest.level, rest.isActive) = (nil, nil)
    if rest == AccountFilter() { return groups[Group(filter)]?.count ?? 0 }
    let ids = named(by: filter) ?? groups[Group(filter)] ?? []
    return ids.count { id in entries[id].map { filter.matches($0.account) } ?? false }
  }
}
