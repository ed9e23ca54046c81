import Accounts
import MemoryStore
import SessionCore

extension AccountBreakage {
  static let loggingIn = [
    AccountBreakage("countAttempt: as many", "lets one more through") { store in
      store.countAttempt = { base, input throws(StoreError) in
        let rules = input.rules.map { rule in
          var rule = rule
          rule.limit += 1
          return rule
        }
        return try await base.countAttempt(rules, now: input.now)
      }
    },
    AccountBreakage("countAttempt: a try that one rule", "counts for the rules before the one that refuses") { store in
      store.countAttempt = { base, input throws(StoreError) in
        for rule in input.rules {
          let verdict = try await base.countAttempt([rule], now: input.now)
          guard verdict == .allowed else { return verdict }
        }
        return .allowed
      }
    },
    AccountBreakage("countAttempt: from so many tries on", "lets nobody wait") { store in
      store.countAttempt = { base, input throws(StoreError) in
        let rules = input.rules.map { rule in
          var rule = rule
          rule.delayAfter = nil
          return rule
        }
        return try await base.countAttempt(rules, now: input.now)
      }
    },
    AccountBreakage("countAttempt: a window begins", "never ends a window") { store in
      store.countAttempt = { base, input throws(StoreError) in
        try await base.countAttempt(input.rules, now: min(input.now, Timestamp(milliseconds: 1_700_000_000_000)))
      }
    },
    AccountBreakage("countAttempt: a window that a clock", "goes by what a clock far ahead has counted") { store in
      store.countAttempt = { base, input throws(StoreError) in
        let rules = input.rules.map { rule in
          var rule = rule
          rule.window = .days(1000)
          return rule
        }
        return try await base.countAttempt(rules, now: input.now)
      }
    },
    AccountBreakage("forgetAttempts", "forgets nothing") { store in store.forget = { _, _ in } },
    AccountBreakage("returnAttempts: each", "takes every try back") { store in
      store.giveBack = { base, keys throws(StoreError) in try await base.forgetAttempts(keys) }
    },
    AccountBreakage("returnAttempts: a wait", "takes the wait back") { store in
      store.giveBack = { base, keys throws(StoreError) in try await base.forgetAttempts(keys) }
    },
    AccountBreakage("useOnce", "forgets a use whose time is over") { store in
      store.useOnce = { base, input throws(StoreError) in
        if input.end <= input.now { return true }
        return try await base.useOnce(input.key, until: input.end, now: input.now)
      }
    },
    AccountBreakage("race: of 100 uses", "tells everyone that they are the first") { store in
      store.useOnce = { base, input throws(StoreError) in
        _ = try await base.useOnce(input.key, until: input.end, now: input.now)
        return true
      }
    },
    AccountBreakage("purgeLoginNotes: what is over", "purges what is not over") { store in
      store.purge = { base, input throws(StoreError) in
        try await base.purgeLoginNotes(now: input.now + .minutes(1), limit: input.limit)
      }
    },
    AccountBreakage("purgeLoginNotes: what is over", "ignores the limit") { store in
      store.purge = { base, input throws(StoreError) in try await base.purgeLoginNotes(now: input.now, limit: 1000) }
    },
  ]

  static let keys = [
    AccountBreakage("insertKey: a key comes back", "forgets when it ends") { store in
      store.insertKey = { base, input throws(StoreError) in
        try await base.insertKey(
          name: input.name, scopes: input.scopes, expires: nil, digest: input.digest, by: input.actor, now: input.now)
      }
    },
    AccountBreakage("insertKey: a key comes back", "finds a key by part of its digest") { store in
      store.serviceKey = { base, digest throws(StoreError) in
        if let key = try await base.serviceKey(digest: digest) { return key }
        return try await base.serviceKey(digest: digest.dropLast() + [digest.last.map { $0 ^ 1 } ?? 0])
      }
    },
    AccountBreakage("serviceKeys", "begins with the key after which it is to begin") { store in
      store.serviceKeys = { base, input throws(StoreError) in
        try await base.serviceKeys(after: max(input.id, 1) - 1, limit: input.limit)
      }
    },
    AccountBreakage("revokeKey", "only answers") { store in
      store.revokeKey = { base, input throws(StoreError) in
        try await base.serviceKeys(after: 0, limit: 1000).first { $0.id == input.id }
      }
    },
    AccountBreakage("touchKey", "touches every key") { store in
      store.touchKey = { base, input throws(StoreError) in
        for key in try await base.serviceKeys(after: 0, limit: 1000) {
          try await base.touchKey(key.id, at: input.time)
        }
      }
    },
    AccountBreakage("events: making", "tells of a revocation of what is not there") { store in
      store.revokeKey = { base, input throws(StoreError) in
        let key = try await base.revokeKey(input.id, by: input.actor, now: input.now)
        if key == nil { try await base.append([Event(.keyRevoked, at: input.now, by: input.actor)]) }
        return key
      }
    },
  ]
}
