internal import Accounts
internal import SessionCore

/// A store under test, with what the cases say most often.
struct AccountProbe: CaseProbe {
  let caseName: String
  let store: any AccountStore

  /// Who asks, in most cases.
  static let actor = Actor(.service, name: "tests", address: "192.0.2.1", requestID: "r-1")
  var actor: Actor { Self.actor }

  /// The store's log, if it has one.
  var log: (any EventStore)? { store as? any EventStore }

  /// A profile with something in every member, that has nothing in common with that of another number.
  func fullProfile(_ number: Int, level: AccountLevel = .technician) -> AccountProfile {
    var profile = AccountProfile(level: level)
    profile.email = EmailAddress("An.Na+\(number)@Ex\u{E4}mple-\(number).ORG")
    profile.username = ExactText("anna/\u{65}\u{301} \u{E9} \u{1F468}\u{200D}\u{1F469} \(number)")
    profile.name = "Anna \"O'Neil\"; --\r\n\t"
    profile.firstName = ExactText(String(repeating: "a", count: 255))
    profile.lastName = ""
    profile.picture = "https://example.org/\u{FEFF}%00?a=1&b=\\_*"
    profile.timezone = "Europe/Madrid"
    profile.isVerified = true
    profile.links = [
      IdentityLink(issuer: "https://z.example", subject: ExactText("\u{E9}-\(number)")),
      IdentityLink(issuer: "https://a.example", subject: ExactText("e\u{301}-\(number)")),
      IdentityLink(issuer: "https://z.example/", subject: ExactText("\u{E9}-\(number)")),
    ]
    return profile
  }

  /// A profile with nothing but an address.
  func profile(_ name: String, level: AccountLevel = .user) -> AccountProfile {
    .of(level) { $0.email = EmailAddress(name + "@example.org") }
  }

  /// Adds an account, which must succeed.
  @discardableResult
  func add(_ profile: AccountProfile, password: PasswordHash? = nil) async throws -> Account {
    switch try await store.insert(profile, password: password, by: actor, now: now) {
    case .inserted(let account): return account
    case let outcome:
      throw ConformanceFailure(caseName: caseName, expectation: "an account to be added", found: "\(outcome)")
    }
  }

  /// Adds an active administrator, so that what comes after keeps its level.
  @discardableResult
  func addAdministrator(_ name: String = "root") async throws -> Account {
    try await add(profile(name, level: .administrator))
  }

  func replace(_ profile: AccountProfile, of account: Account) async throws -> AccountReplaceOutcome {
    try await store.replace(profile, of: account.id, revision: account.revision, by: actor, now: now)
  }

  /// Changes an account, which must succeed.
  @discardableResult
  func change(_ account: Account, _ change: (inout AccountProfile) -> Void) async throws -> Account {
    switch try await replace(account.profile.with(change), of: account) {
    case .replaced(let account, _): return account
    case let outcome:
      throw ConformanceFailure(caseName: caseName, expectation: "an account to be changed", found: "\(outcome)")
    }
  }

  func setPassword(
    _ hash: PasswordHash, replacing current: PasswordHash?, closing due: ClosingDue?, of id: AccountID
  ) async throws -> Bool {
    try await store.setPassword(hash, replacing: current, closing: due, of: id, by: actor, now: now)
  }

  /// Expects an account to be stored exactly so; equal addresses may still have different bytes.
  func expectStored(_ expected: Account, _ what: String = "the stored account") async throws {
    try same(try await store.account(expected.id), expected, what)
  }

  /// Expects two accounts to be the same, byte for byte.
  func same(_ found: Account?, _ expected: Account, _ what: String) throws {
    try equal(found, expected, what)
    try equal(found?.profile.email?.text, expected.profile.email?.text, "the e-mail address of \(what)")
  }

  /// Expects a debt, or none.
  func expectDue(_ due: ClosingDue?, of id: AccountID, _ what: String = "what is owed") async throws {
    let found = try await store.closingsDue(limit: 1000).first { $0.id == id }
    try equal(found?.due, due, what)
  }

  /// All pages of a query, of `limit` each.
  func all(_ query: AccountQuery) async throws -> [Account] {
    var query = query
    var accounts: [Account] = []
    while true {
      let page = try await store.page(query)
      try expect(
        page.accounts.count <= query.limit, "at most \(query.limit) on a page", found: "\(page.accounts.count)")
      accounts += page.accounts
      guard let next = page.next else { return accounts }
      try expect(!page.accounts.isEmpty, "a page before another one to hold something")
      query.after = next
    }
  }

  /// The accounts that are there.
  var count: Int {
    get async throws { try unwrap(try await store.page(AccountQuery(limit: 1, counts: true)).count, "a count") }
  }

  /// What `body` adds to the log; `nil` if the store has none.
  func logged(_ body: () async throws -> Void) async throws -> [Event]? {
    let start = try await log?.lastEventNumber() ?? 0
    try await body()
    return try await log?.events(after: start, kinds: nil, limit: 1000).entries.map(\.event)
  }
}

extension AccountProfile {
  /// A profile that `change` makes of an empty one.
  static func of(_ level: AccountLevel, _ change: (inout AccountProfile) -> Void) -> AccountProfile {
    AccountProfile(level: level).with(change)
  }

  /// The profile with `change` made to it.
  func with(_ change: (inout AccountProfile) -> Void) -> AccountProfile {
    var profile = self
    change(&profile)
    return profile
  }
}

extension AccountFilter {
  /// The filter that `change` makes of the one that every account meets.
  static func of(_ change: (inout AccountFilter) -> Void) -> AccountFilter {
    var filter = AccountFilter()
    change(&filter)
    return filter
  }
}
