internal import Accounts
internal import MongoDriver
internal import SessionCore

/// What logging in must remember: tries in `login_attempts`, and what was used in `login_uses`, by key.
extension WriteBatch {
  /// The collection of tries.
  static let attempts = "login_attempts"
  /// The collection of what was used.
  static let uses = "login_uses"

  func countAttempt(_ rules: [AttemptRule], now: Timestamp) throws(StoreError) -> AttemptVerdict {
    var counts: [ExactText: AttemptCount] = [:]
    let keys = Set(rules.map { ExactText($0.key) })
    for document in try find([
      "find": .string(Self.attempts), "filter": ["_id": ["$in": .array(keys.map { .string($0.string) })]],
      "batchSize": 1000,
    ]) {
      guard let key = document["_id"]?.text, let count = document["count"]?.int, let end = document["end"]?.date,
        let notBefore = document["not_before"]?.date
      else { throw StoreError(.corrupt, "The session store holds a count of tries that can't be read.") }
      counts[ExactText(key)] = AttemptCount(
        count: Int(clamping: count), end: Timestamp(milliseconds: end),
        notBefore: Timestamp(milliseconds: notBefore))
    }
    let wait = rules.map { AttemptCount.wait($0, after: counts[ExactText($0.key)], now: now) }.max() ?? .zero
    guard wait == .zero else { return .refused(retryAfter: wait) }
    for rule in rules {
      let key = ExactText(rule.key)
      let next = AttemptCount.next(rule, after: counts[key], now: now)
      counts[key] = next
      put(
        [
          "_id": .string(rule.key), "count": .int64(Int64(next.count)), "end": .date(next.end.milliseconds),
          "not_before": .date(next.notBefore.milliseconds),
          "expires": .date(expiry(next.end, now: now).milliseconds),
        ], id: .string(rule.key), in: Self.attempts)
    }
    return .allowed
  }

  func forgetAttempts(_ keys: [String]) {
    delete(["_id": ["$in": .array(keys.map(BSONValue.string))]], from: Self.attempts, all: true)
  }

  func returnAttempts(_ keys: [String]) {
    for key in keys {
      update(["_id": .string(key), "count": ["$gt": 0]], ["$inc": ["count": .int64(-1)]], in: Self.attempts)
    }
  }

  func useOnce(_ key: String, until end: Timestamp, now: Timestamp) throws(StoreError) -> Bool {
    let found = try find([
      "find": .string(Self.uses), "filter": ["_id": .string(key)], "projection": ["_id": 1], "limit": 1,
    ])
    guard found.isEmpty else { return false }
    insert(
      [
        "_id": .string(key), "end": .date(end.milliseconds), "expires": .date(expiry(end, now: now).milliseconds),
      ], into: Self.uses)
    return true
  }

  func purgeLoginNotes(now: Timestamp, limit: Int) throws(StoreError) -> Int {
    var removed = 0
    for (collection, index) in [(Self.attempts, "attempt_by_end"), (Self.uses, "use_by_end")] where removed < limit {
      let over = try find([
        "find": .string(collection), "filter": ["end": ["$lte": .date(now.milliseconds)]],
        "sort": ["end": 1, "_id": 1], "projection": ["_id": 1], "limit": .int64(Int64(limit - removed)),
        "hint": .string(index), "batchSize": 1000,
      ])
      let ids = over.compactMap { $0["_id"] }
      guard !ids.isEmpty else { continue }
      delete(["_id": ["$in": .array(ids)]], from: collection, all: true)
      removed += ids.count
    }
    return removed
  }
}
