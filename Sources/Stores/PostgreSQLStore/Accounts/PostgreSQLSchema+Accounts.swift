extension PostgreSQLSchema {
  /// Version 2: accounts, what logging in must remember, and service keys.
  static let accounts = [accountTables, accountVerbs, logins, serviceKeys].joined(separator: "\n\n")

  /// Accounts and their links.
  ///
  /// Each index ends with the account's number, so that each of them holds its accounts in the order of lists. The
  /// sessions of an account are found, and an account by its session, by `user_id`, the number as text. The
  /// trigger tells of every change but that a debt was settled, whoever makes it.
  private static let accountTables = """
    CREATE TABLE account (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      user_id text COLLATE "C" NOT NULL GENERATED ALWAYS AS (id::text) STORED UNIQUE,
      email text COLLATE "C",
      email_key text COLLATE "C",
      username text COLLATE "C",
      name text COLLATE "C",
      first_name text COLLATE "C",
      last_name text COLLATE "C",
      picture text COLLATE "C",
      timezone text COLLATE "C",
      level text COLLATE "C" NOT NULL,
      is_active boolean NOT NULL,
      standing text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (level || CASE WHEN is_active THEN ' active' ELSE ' idle' END) STORED,
      is_verified boolean NOT NULL,
      created bigint NOT NULL,
      password_hash text COLLATE "C",
      revision bigint NOT NULL,
      closing_due boolean NOT NULL DEFAULT false,
      closing_except text COLLATE "C"
    );
    CREATE UNIQUE INDEX account_by_email ON account (email_key) WHERE email_key IS NOT NULL;
    CREATE UNIQUE INDEX account_by_username ON account (username) WHERE username IS NOT NULL;
    CREATE INDEX account_by_level ON account (level, id);
    CREATE INDEX account_by_activity ON account (is_active, id);
    CREATE INDEX account_by_standing ON account (standing, id);
    CREATE INDEX account_by_closing ON account (id) WHERE closing_due;
    CREATE TABLE account_link (
      issuer text COLLATE "C" NOT NULL,
      subject text COLLATE "C" NOT NULL,
      account_id bigint NOT NULL,
      place integer NOT NULL,
      PRIMARY KEY (issuer, subject)
    );
    CREATE UNIQUE INDEX account_link_by_account ON account_link (account_id, place);
    COMMENT ON TABLE account IS 'Accounts; an id is never given twice, and as text it is the user_id of sessions';
    COMMENT ON COLUMN account.email_key IS 'The address as it is compared: its domain in lower case';
    COMMENT ON COLUMN account.level IS 'I guest, U user, C collaborator, T technician, A administrator';
    COMMENT ON COLUMN account.standing IS 'Level and activity in one, for an index of both';
    COMMENT ON COLUMN account.created IS 'Milliseconds since 1970 UTC';
    COMMENT ON COLUMN account.closing_due IS 'Whether sessions of the account are still to be closed';
    COMMENT ON COLUMN account.closing_except IS 'The session that may go on then';

    CREATE FUNCTION tell_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_catalog.pg_notify(TG_TABLE_SCHEMA, 'a ' || coalesce(NEW.id, OLD.id));
      RETURN NULL;
    END $$;
    CREATE TRIGGER tell_of_account_added AFTER INSERT OR DELETE ON account
      FOR EACH ROW EXECUTE FUNCTION tell_of_account();
    CREATE TRIGGER tell_of_account_changed AFTER UPDATE ON account
      FOR EACH ROW WHEN (OLD.revision <> NEW.revision OR NOT OLD.closing_due OR NEW.closing_due)
      EXECUTE FUNCTION tell_of_account();
    """
}
