extension PostgreSQLSchema {
  /// Version 2: accounts, what logging in must remember, and service keys.
  static let accounts = ""
}
