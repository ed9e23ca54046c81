extension PostgreSQLSchema {
  /// Service keys, and the verbs that write them.
  static let serviceKeys = """
    CREATE TABLE service_key (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      digest text COLLATE "C" NOT NULL UNIQUE,
      name text COLLATE "C" NOT NULL,
      scopes text COLLATE "C" NOT NULL,
      created bigint NOT NULL,
      expires bigint,
      last_used bigint
    );
    COMMENT ON TABLE service_key IS 'Service keys, by the digest of their text; times are milliseconds since 1970 UTC';

    CREATE FUNCTION tell_of_keys() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_catalog.pg_notify(TG_TABLE_SCHEMA, 'k');
      RETURN NULL;
    END $$;
    CREATE TRIGGER tell_of_keys AFTER INSERT OR DELETE ON service_key
      FOR EACH STATEMENT EXECUTE FUNCTION tell_of_keys();

    CREATE FUNCTION key_insert(
      new_digest text, new_name text, new_scopes text, at bigint, ends bigint, actor text[], details text
    ) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
      number bigint;
    BEGIN
      INSERT INTO service_key (digest, name, scopes, created, expires)
        VALUES (new_digest, new_name, new_scopes, at, ends) ON CONFLICT (digest) DO NOTHING RETURNING id INTO number;
      IF number IS NOT NULL THEN
        PERFORM event_add('key.created', at, NULL, number, actor, details);
      END IF;
      RETURN number;
    END $$;

    CREATE FUNCTION key_revoke(number bigint, actor text[], details text, at bigint)
    RETURNS SETOF service_key LANGUAGE plpgsql AS $$
    BEGIN
      RETURN QUERY DELETE FROM service_key WHERE id = number RETURNING *;
      IF FOUND THEN
        PERFORM event_add('key.revoked', at, NULL, number, actor, details);
      END IF;
    END $$;
    """
}
