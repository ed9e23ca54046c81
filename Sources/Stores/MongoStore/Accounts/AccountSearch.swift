internal import Accounts
internal import MongoDriver
internal import SessionCore

/// The commands that list and count accounts; each names its index.
struct AccountSearch {
  /// How many accounts one page holds at most.
  static let most = 10_000

  let query: AccountQuery
  let limit: Int

  init(_ query: AccountQuery) {
    self.query = query
    limit = min(max(1, query.limit), Self.most)
  }

  /// One account more than the page holds, so that it is known whether there are more.
  var page: BSONDocument {
    let direction: BSONValue = query.isDescending ? -1 : 1
    var conditions = conditions
    if let after = query.after {
      conditions.append("_id", query.isDescending ? ["$lt": .int64(after.number)] : ["$gt": .int64(after.number)])
    }
    return [
      "find": .string(AccountDocument.collection), "filter": .document(conditions), "sort": ["_id": direction],
      "projection": AccountDocument.withoutSecrets, "limit": .int64(Int64(limit) + 1), "hint": .string(index),
      "batchSize": 1000,
    ]
  }

  /// All that match, counted.
  var count: BSONDocument {
    [
      "aggregate": .string(AccountDocument.collection),
      "pipeline": [["$match": .document(conditions)], ["$count": "count"]], "cursor": [:], "hint": .string(index),
    ]
  }

  /// The index that leads to the fewest, in the order of ids.
  var index: String {
    let filter = query.filter
    if filter.email != nil { return "account_by_email" }
    if filter.username != nil { return "account_by_username" }
    switch (filter.level, filter.isActive) {
    case (nil, nil): return "_id_"
    case (nil, _?): return "account_by_activity"
    case (_?, nil): return "account_by_level"
    case (_?, _?): return "account_by_level_and_activity"
    }
  }

  private var conditions: BSONDocument {
    let filter = query.filter
    var document = BSONDocument()
    document.append("email_key", ifPresent: filter.email.map { .string($0.key.string) })
    document.append("username", ifPresent: filter.username.map { .string($0.string) })
    document.append("level", ifPresent: filter.level.map { .string($0.rawValue) })
    document.append("is_active", ifPresent: filter.isActive.map(BSONValue.bool))
    document.append("is_verified", ifPresent: filter.isVerified.map(BSONValue.bool))
    var created = BSONDocument()
    created.append("$gte", ifPresent: filter.createdFrom.map { .date($0.milliseconds) })
    created.append("$lt", ifPresent: filter.createdBefore.map { .date($0.milliseconds) })
    if !created.isEmpty { document.append("created", .document(created)) }
    return document
  }
}
