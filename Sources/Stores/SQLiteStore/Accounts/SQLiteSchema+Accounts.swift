extension SQLiteSchema {
  /// Version 3: accounts, what logging in must remember, and service keys.
  ///
  /// Numbers of accounts and keys are never given twice (AUTOINCREMENT), though the highest may be removed. An index
  /// ends with the row's number, which is the account's, so that each of them holds its accounts in the order of lists.
  static let accounts = """
    CREATE TABLE account (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      email TEXT,
      email_key TEXT,
      username TEXT,
      name TEXT,
      first_name TEXT,
      last_name TEXT,
      picture TEXT,
      timezone TEXT,
      level TEXT NOT NULL,
      is_active INTEGER NOT NULL,
      is_verified INTEGER NOT NULL,
      created INTEGER NOT NULL,
      password_hash TEXT,
      revision INTEGER NOT NULL,
      closing_due INTEGER NOT NULL DEFAULT 0,
      closing_except TEXT
    ) STRICT;
    CREATE UNIQUE INDEX account_by_email ON account (email_key) WHERE email_key IS NOT NULL;
    CREATE UNIQUE INDEX account_by_username ON account (username) WHERE username IS NOT NULL;
    CREATE INDEX account_by_level ON account (level);
    CREATE INDEX account_by_activity ON account (is_active);
    CREATE INDEX account_by_level_and_activity ON account (level, is_active);
    CREATE INDEX account_by_closing ON account (closing_due) WHERE closing_due = 1;
    CREATE TABLE account_link (
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      account_id INTEGER NOT NULL,
      place INTEGER NOT NULL,
      PRIMARY KEY (issuer, subject)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX account_link_by_account ON account_link (account_id, place);
    CREATE TABLE login_attempt (
      key TEXT PRIMARY KEY NOT NULL,
      count INTEGER NOT NULL,
      end_time INTEGER NOT NULL,
      not_before INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX login_attempt_by_end ON login_attempt (end_time);
    CREATE TABLE used_once (
      key TEXT PRIMARY KEY NOT NULL,
      end_time INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX used_once_by_end ON used_once (end_time);
    CREATE TABLE service_key (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      digest TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      scopes TEXT NOT NULL,
      created INTEGER NOT NULL,
      expires INTEGER,
      last_used INTEGER
    ) STRICT;
    """
}
