internal import Accounts
internal import SessionCore

extension LoginStoreCase {
  private static func rule(_ key: String = "a", _ limit: Int = 3) -> AttemptRule {
    AttemptRule(key: key, limit: limit, window: .minutes(15))
  }

  static let attemptCases = [
    LoginStoreCase("countAttempt: as many as allowed go through, and the next waits for the window's end") { probe in
      for number in 0..<3 {
        let time = probe.now + .minutes(Int64(number))
        try probe.equal(try await probe.attempt(rule(), at: time), .allowed, "try \(number)")
      }
      for seconds in [0, 1, 60] as [Int64] {
        try probe.equal(
          try await probe.attempt(rule(), at: probe.now + .minutes(5) + .seconds(seconds)),
          .refused(retryAfter: TimeSpan.seconds(600 - seconds)), "a try after \(seconds) s more")
      }
      try probe.equal(try await probe.attempt(rule("b"), at: probe.now), .allowed, "a try under another key")
    },
    LoginStoreCase("countAttempt: a window begins with the first try in it, and a new one after its end") { probe in
      let end = probe.now + .minutes(15)
      for _ in 0..<3 { _ = try await probe.attempt(rule()) }
      let last = end - TimeSpan(milliseconds: 1)
      try probe.equal(
        try await probe.attempt(rule(), at: last), .refused(retryAfter: TimeSpan(milliseconds: 1)), "the last moment")
      for number in 0..<3 {
        try probe.equal(try await probe.attempt(rule(), at: end), .allowed, "try \(number) in the new window")
      }
      try probe.equal(
        try await probe.attempt(rule(), at: end), .refused(retryAfter: .minutes(15)), "one too many in the new window")
    },
    LoginStoreCase("countAttempt: from so many tries on each further one waits twice as long, up to a bound") { probe in
      let rule = AttemptRule(
        key: "a", limit: 100, window: .hours(1), delayAfter: 3, firstDelay: .seconds(1), longestDelay: .seconds(5))
      var time = probe.now
      for _ in 0..<3 { try probe.equal(try await probe.attempt(rule, at: time), .allowed, "a try without waiting") }
      for wait in [1, 2, 4, 5, 5] as [Int64] {
        let early = time + TimeSpan(milliseconds: wait * 1000 - 1)
        try probe.equal(
          try await probe.attempt(rule, at: time), .refused(retryAfter: .seconds(wait)), "a try before \(wait) s")
        try probe.equal(
          try await probe.attempt(rule, at: early), .refused(retryAfter: TimeSpan(milliseconds: 1)),
          "a try just before \(wait) s")
        time = time + .seconds(wait)
        try probe.equal(try await probe.attempt(rule, at: time), .allowed, "a try after \(wait) s")
      }
    },
    LoginStoreCase("countAttempt: a try that one rule refuses counts for none, and waits for the longest") { probe in
      let (narrow, wide) = (rule("narrow", 1), AttemptRule(key: "wide", limit: 3, window: .hours(1)))
      try probe.equal(try await probe.attempt(narrow, wide), .allowed, "the first try")
      for _ in 0..<10 {
        try probe.equal(
          try await probe.attempt(wide, narrow), .refused(retryAfter: .minutes(15)), "a try beyond the narrow rule")
      }
      for number in 0..<2 {
        try probe.equal(try await probe.attempt(rule("other\(number)"), wide), .allowed, "what the wide rule has left")
      }
      try probe.equal(
        try await probe.attempt(narrow, wide), .refused(retryAfter: .hours(1)), "a try that both refuse")
      try probe.equal(try await probe.attempt(rule("fresh", 1), wide), .refused(retryAfter: .hours(1)), "a fresh key")
      try probe.equal(try await probe.attempt(rule("fresh", 1)), .allowed, "the fresh key, which was not counted")
    },
    LoginStoreCase("countAttempt: a window that a clock far ahead began counts for nothing") { probe in
      for (key, ahead) in [("just", TimeSpan(milliseconds: 900_001)), ("far", .days(400))] {
        let rule = AttemptRule(key: key, limit: 3, window: .minutes(15), delayAfter: 3, firstDelay: .seconds(30))
        for _ in 0..<3 { _ = try await probe.attempt(rule, at: probe.now + ahead) }
        for number in 0..<3 { try probe.equal(try await probe.attempt(rule), .allowed, "\(key), try \(number)") }
        try probe.equal(
          try await probe.attempt(rule), .refused(retryAfter: .minutes(15)), "\(key), one too many of the new window")
      }
      for _ in 0..<3 { _ = try await probe.attempt(rule("near"), at: probe.now + .minutes(15)) }
      try probe.equal(
        try await probe.attempt(rule("near")), .refused(retryAfter: .minutes(30)), "a try under one a window ahead")
    },
    LoginStoreCase("countAttempt: without a rule everything goes through") { probe in
      for _ in 0..<5 { try probe.equal(try await probe.store.countAttempt([], now: probe.now), .allowed, "a try") }
    },
    LoginStoreCase("countAttempt: keys are compared by their bytes") { probe in
      for key in ["\u{E9}", "e\u{301}", "E\u{301}", "'; --", "a", "a\u{0}", ""] {
        try probe.equal(try await probe.attempt(rule(key, 1)), .allowed, "the first try under \(key)")
        try probe.equal(
          try await probe.attempt(rule(key, 1)), .refused(retryAfter: .minutes(15)), "the second under \(key)")
      }
    },
    LoginStoreCase("forgetAttempts: the tries under these keys are as if they had not been, the others stay") { probe in
      for key in ["a", "b", "c"] { _ = try await probe.attempt(rule(key, 1)) }
      try await probe.store.forgetAttempts(["a", "c", "missing"])
      try await probe.store.forgetAttempts([])
      try probe.equal(try await probe.attempt(rule("a", 1)), .allowed, "a")
      try probe.equal(try await probe.attempt(rule("b", 1)), .refused(retryAfter: .minutes(15)), "b")
      try probe.equal(try await probe.attempt(rule("c", 1)), .allowed, "c")
    },
    LoginStoreCase("returnAttempts: each makes room for one more try in the same window, and none below zero") {
      probe in
      for _ in 0..<3 { _ = try await probe.attempt(rule("a")) }
      _ = try await probe.attempt(rule("b", 1))
      try await probe.store.returnAttempts(["a", "missing"])
      try await probe.store.returnAttempts([])
      let later = probe.now + .minutes(5)
      try probe.equal(try await probe.attempt(rule("a"), at: later), .allowed, "a try in place of the one taken back")
      try probe.equal(try await probe.attempt(rule("a"), at: later), .refused(retryAfter: .minutes(10)), "one more")
      try probe.equal(try await probe.attempt(rule("b", 1)), .refused(retryAfter: .minutes(15)), "another key")
      for _ in 0..<5 { try await probe.store.returnAttempts(["b"]) }
      try probe.equal(try await probe.attempt(rule("b", 1)), .allowed, "a try after too many were taken back")
      try probe.equal(try await probe.attempt(rule("b", 1)), .refused(retryAfter: .minutes(15)), "one more of it")
      try probe.equal(
        try await probe.attempt(rule("missing", 1)), .allowed, "a try under a key that had none to take back")
      try probe.equal(
        try await probe.attempt(rule("missing", 1)), .refused(retryAfter: .minutes(15)), "one more of that")
    },
    LoginStoreCase("returnAttempts: a wait stays") { probe in
      let rule = AttemptRule(key: "a", limit: 9, window: .hours(1), delayAfter: 1, firstDelay: .seconds(8))
      _ = try await probe.attempt(rule)
      try await probe.store.returnAttempts(["a"])
      try probe.equal(try await probe.attempt(rule), .refused(retryAfter: .seconds(8)), "a try")
    },
    LoginStoreCase("race: of 200 tries at once exactly as many as allowed go through") { probe in
      let verdicts = try await probe.together(200) { _ in try await probe.attempt(rule("a", 10)) }
      try probe.equal(verdicts.filter { $0 == .allowed }.count, 10, "the tries let through")
    },
    LoginStoreCase("race: of 200 tries from 20 addresses none goes beyond the rule of address, account or both") {
      probe in
      let account = rule("account", 30)
      let verdicts = try await probe.together(200) { index in
        let verdict = try await probe.attempt(rule("address \(index % 20)", 2), account)
        return verdict == .allowed ? index % 20 : nil
      }.compactMap { $0 }
      try probe.equal(verdicts.count, 30, "the tries let through")
      for address in Set(verdicts) {
        let count = verdicts.count { $0 == address }
        try probe.expect(count <= 2, "at most 2 from one address", found: "\(count)")
      }
    },
    LoginStoreCase("race: 100 tries taken back at once make room for exactly 100") { probe in
      let rule = rule("a", 150)
      _ = try await probe.together(150) { _ in try await probe.attempt(rule) }
      _ = try await probe.together(100) { _ in try await probe.store.returnAttempts(["a"]) }
      let verdicts = try await probe.together(150) { _ in try await probe.attempt(rule) }
      try probe.equal(verdicts.filter { $0 == .allowed }.count, 100, "the tries let through")
    },
  ]

  static let useCases = [
    LoginStoreCase("useOnce: the first use is told, and no other one until the note is purged") { probe in
      let end = probe.now + .minutes(5)
      let use = { (key: String, time: Timestamp) in try await probe.store.useOnce(key, until: end, now: time) }
      for key in ["a", "b", "\u{E9}", "e\u{301}"] {
        try probe.equal(try await use(key, probe.now), true, "the first use of \(key)")
        try probe.equal(try await use(key, probe.now), false, "the second use of \(key)")
      }
      try probe.equal(try await use("a", end + .hours(1)), false, "a use after the end, before the purge")
      _ = try await probe.store.purgeLoginNotes(now: end, limit: 100)
      try probe.equal(try await use("a", end), true, "the first use after the purge")
    },
    LoginStoreCase("race: of 100 uses one is the first") { probe in
      for end in [probe.now + .minutes(5), probe.now, probe.now - .minutes(1)] {
        let first = try await probe.together(100) { _ in
          try await probe.store.useOnce("used until \(end)", until: end, now: probe.now)
        }
        try probe.equal(first.filter { $0 }.count, 1, "the first uses")
      }
    },
  ]

  static let purgeCases = [
    LoginStoreCase("purgeLoginNotes: what is over goes, no more than asked for, and what is not stays") { probe in
      for number in 0..<10 {
        _ = try await probe.attempt(rule("over \(number)", 1), at: probe.now - .minutes(15))
        _ = try await probe.store.useOnce("over \(number)", until: probe.now, now: probe.now - .minutes(1))
      }
      _ = try await probe.attempt(rule("kept", 1), at: probe.now - .minutes(14))
      _ = try await probe.store.useOnce("kept", until: probe.now + .seconds(1), now: probe.now)
      var counts: [Int] = []
      repeat { counts.append(try await probe.store.purgeLoginNotes(now: probe.now, limit: 8)) } while counts.last == 8
      try probe.equal(counts, [8, 8, 4], "how many went at a time")
      try probe.equal(try await probe.store.purgeLoginNotes(now: probe.now, limit: 0), 0, "how many of none")
      try probe.equal(try await probe.attempt(rule("kept", 1)), .refused(retryAfter: .minutes(1)), "the try kept")
      try probe.equal(
        try await probe.store.useOnce("kept", until: probe.now, now: probe.now), false, "a use of what is kept")
    },
    LoginStoreCase("purgeLoginNotes: a window that began anew, or was forgotten, is not counted twice") { probe in
      _ = try await probe.attempt(rule("again", 1), at: probe.now - .minutes(20))
      _ = try await probe.attempt(rule("again", 1), at: probe.now - .minutes(5))
      _ = try await probe.attempt(rule("forgotten", 1), at: probe.now - .minutes(20))
      try await probe.store.forgetAttempts(["forgotten"])
      try probe.equal(try await probe.store.purgeLoginNotes(now: probe.now, limit: 10), 0, "how many went")
      try probe.equal(try await probe.attempt(rule("again", 1)), .refused(retryAfter: .minutes(10)), "the try kept")
      let later = probe.now + .minutes(10)
      try probe.equal(try await probe.store.purgeLoginNotes(now: later, limit: 10), 1, "how many went later")
    },
  ]

  static let lifecycleCases = [
    LoginStoreCase("shutdown: every later call about log-ins throws closed") { probe in
      guard let sessions = probe.store as? any SessionStore else { return }
      let store = probe.store
      await sessions.shutdown()
      try await probe.expectClosed([
        { _ = try await probe.attempt(rule()) }, { try await store.forgetAttempts(["a"]) },
        { try await store.returnAttempts(["a"]) },
        { _ = try await store.useOnce("a", until: probe.now, now: probe.now) },
        { _ = try await store.purgeLoginNotes(now: probe.now, limit: 1) },
      ])
    }
  ]
}
