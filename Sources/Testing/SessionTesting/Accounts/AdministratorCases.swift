internal import Accounts
internal import SessionCore

extension AccountStoreCase {
  static let administratorCases = [
    AccountStoreCase("replace: the last active administrator is neither demoted nor deactivated") { probe in
      let last = try await probe.addAdministrator()
      _ = try await probe.add(.of(.administrator) { $0.isActive = false })
      for level in AccountLevel.allCases where level != .administrator {
        let profile = last.profile.with { $0.level = level }
        try probe.equal(try await probe.replace(profile, of: last), .lastAdministrator, "the outcome of a demotion")
      }
      let idle = last.profile.with { $0.isActive = false }
      try probe.equal(try await probe.replace(idle, of: last), .lastAdministrator, "the outcome of a deactivation")
      try await probe.expectStored(last)
      try await probe.expectDue(nil, of: last.id)
      let renamed = try await probe.change(last) { $0.name = "still the chief" }
      try await probe.addAdministrator("other")
      let demoted = try await probe.change(renamed) { $0.level = .user }
      try await probe.expectStored(demoted)
    },
    AccountStoreCase("remove: the last active administrator stays") { probe in
      let last = try await probe.addAdministrator()
      let idle = try await probe.add(.of(.administrator) { $0.isActive = false })
      let remove = { (id: AccountID) in try await probe.store.remove(id, by: probe.actor, now: probe.now) }
      try probe.equal(try await remove(last.id), .lastAdministrator, "the outcome")
      try await probe.expectStored(last)
      try probe.equal(try await remove(idle.id), .removed(idle), "the outcome of one that is not active")
      try await probe.addAdministrator("other")
      try probe.equal(try await remove(last.id), .removed(last), "the outcome with another one")
    },
    AccountStoreCase("race: of two changes that each take one of the last two administrators away, one is made") {
      probe in
      var (left, right) = (try await probe.addAdministrator("a"), try await probe.addAdministrator("b"))
      for round in 0..<6 {
        for first in Loss.allCases {
          for second in Loss.allCases {
            let pair = [(left, first), (right, second)]
            let outcomes = try await probe.together(2) { index in
              (pair[index].0, try await pair[index].1.happens(to: pair[index].0, probe))
            }
            let what = "the losses of round \(round), \(first) and \(second)"
            try probe.equal(outcomes.filter(\.1).count, 1, what)
            left = try probe.unwrap(outcomes.first { !$0.1 }?.0, "the one that stays")
            let chiefs = AccountFilter.of { ($0.level, $0.isActive) = (.administrator, true) }
            try probe.equal(try await probe.store.page(AccountQuery(chiefs)).accounts, [left], "who is left")
            right = try await probe.addAdministrator("\(round)-\(first)-\(second)")
          }
        }
      }
    },
    AccountStoreCase("race: of twenty administrators who all leave at once, one stays") { probe in
      var chiefs: [Account] = []
      for number in 0..<20 { chiefs.append(try await probe.addAdministrator("chief-\(number)")) }
      let losses = Loss.allCases
      let accounts = chiefs
      let outcomes = try await probe.together(20) { index in
        try await losses[index % 3].happens(to: accounts[index], probe)
      }
      try probe.equal(outcomes.filter { $0 }.count, 19, "the number of those who left")
    },
  ]

  /// A way of not being an active administrator any more.
  private enum Loss: CaseIterable {
    case demotion, deactivation, removal

    /// Whether the store lets it happen.
    func happens(to account: Account, _ probe: AccountProbe) async throws -> Bool {
      switch self {
      case .demotion:
        try replaced(try await probe.replace(account.profile.with { $0.level = .user }, of: account), probe)
      case .deactivation:
        try replaced(try await probe.replace(account.profile.with { $0.isActive = false }, of: account), probe)
      case .removal:
        switch try await probe.store.remove(account.id, by: probe.actor, now: probe.now) {
        case .removed: true
        case .lastAdministrator: false
        case .missing: throw failure(probe, "missing")
        }
      }
    }

    private func replaced(_ outcome: AccountReplaceOutcome, _ probe: AccountProbe) throws -> Bool {
      switch outcome {
      case .replaced: true
      case .lastAdministrator: false
      default: throw failure(probe, "\(outcome)")
      }
    }

    private func failure(_ probe: AccountProbe, _ found: String) -> ConformanceFailure {
      ConformanceFailure(caseName: probe.caseName, expectation: "a loss or its refusal", found: found)
    }
  }
}
