internal import MongoDriver

extension MongoSchema {
  /// Version 2: accounts, what logging in must remember, and service keys.
  ///
  /// Writers follow one another, and decide themselves what is taken; the unique indexes hold it against whoever writes
  /// past them.
  static let accounts: [BSONDocument] = [
    ["create": "accounts", "writeConcern": majority],
    ["create": "counters", "writeConcern": majority],
    ["create": "login_attempts", "writeConcern": majority],
    ["create": "login_uses", "writeConcern": majority],
    ["create": "service_keys", "writeConcern": majority],
    [
      "createIndexes": "accounts",
      "indexes": [
        unique("account_by_email", "email_key"), unique("account_by_username", "username"),
        unique("account_by_link", "links"),
        ["key": ["level": 1, "_id": 1], "name": "account_by_level"],
        ["key": ["is_active": 1, "_id": 1], "name": "account_by_activity"],
        ["key": ["level": 1, "is_active": 1, "_id": 1], "name": "account_by_level_and_activity"],
        [
          "key": ["closing_due": 1, "_id": 1], "name": "account_by_closing",
          "partialFilterExpression": ["closing_due": true],
        ],
      ],
      "writeConcern": majority,
    ],
    ["createIndexes": "login_attempts", "indexes": expiring("attempt"), "writeConcern": majority],
    ["createIndexes": "login_uses", "indexes": expiring("use"), "writeConcern": majority],
    [
      "createIndexes": "service_keys",
      "indexes": [["key": ["digest": 1], "name": "key_by_digest", "unique": true]], "writeConcern": majority,
    ],
  ]

  private static func unique(_ name: String, _ member: String) -> BSONValue {
    let key = BSONDocument([(member, BSONValue.int32(1))])
    let part = BSONDocument([(member, BSONValue.document(["$exists": true]))])
    return [
      "key": .document(key), "name": .string(name), "unique": true, "partialFilterExpression": .document(part),
    ]
  }

  private static func expiring(_ name: String) -> BSONValue {
    [
      ["key": ["end": 1, "_id": 1], "name": .string("\(name)_by_end")],
      ["key": ["expires": 1], "name": .string("\(name)_expires"), "expireAfterSeconds": 0],
    ]
  }
}
