extension PostgreSQLSchema {
  /// The writing verbs of accounts.
  ///
  /// Each runs while its transaction holds the lock of all writers, so that nothing comes between what it looks at and
  /// what it writes.
  static let accountVerbs = """
    CREATE FUNCTION event_add(what text, at bigint, about_user text, about_key bigint, actor text[], more text)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO event (kind, time, user_id, key_id, actor_kind, actor_name, address, request_id, details)
        VALUES (what, at, about_user, about_key, actor[1], actor[2], actor[3], actor[4], more);
    END $$;

    CREATE FUNCTION account_taken(own bigint, new_key text, new_username text, issuers text[], subjects text[])
    RETURNS text LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM account WHERE email_key = new_key AND id <> own) THEN RETURN 'email'; END IF;
      IF EXISTS (SELECT FROM account WHERE username = new_username AND id <> own) THEN RETURN 'username'; END IF;
      IF EXISTS (
        SELECT FROM unnest(issuers, subjects) AS new (issuer, subject) GROUP BY issuer, subject HAVING count(*) > 1
      ) THEN RETURN 'links'; END IF;
      IF EXISTS (
        SELECT FROM unnest(issuers, subjects) AS new (issuer, subject) JOIN account_link USING (issuer, subject)
        WHERE account_id <> own
      ) THEN RETURN 'links'; END IF;
      RETURN NULL;
    END $$;

    CREATE FUNCTION account_is_last_administrator(one account) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      RETURN one.level = 'A' AND one.is_active
        AND NOT EXISTS (SELECT FROM account WHERE level = 'A' AND is_active AND id <> one.id);
    END $$;

    CREATE FUNCTION account_relink(number bigint, issuers text[], subjects text[]) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM account_link WHERE account_id = number;
      INSERT INTO account_link (issuer, subject, account_id, place)
        SELECT new.issuer, new.subject, number, new.place - 1
        FROM unnest(issuers, subjects) WITH ORDINALITY AS new (issuer, subject, place);
    END $$;

    CREATE FUNCTION account_insert(
      new_email text, new_key text, new_username text, new_name text, new_first_name text, new_last_name text,
      new_picture text, new_timezone text, new_level text, new_is_active boolean, new_is_verified boolean,
      issuers text[], subjects text[], hash text, actor text[], at bigint,
      OUT taken text, OUT number bigint, OUT given_level text
    ) LANGUAGE plpgsql AS $$
    BEGIN
      taken := account_taken(0, new_key, new_username, issuers, subjects);
      IF taken IS NOT NULL THEN RETURN; END IF;
      given_level := new_level;
      IF new_is_active AND NOT EXISTS (SELECT FROM account WHERE level = 'A' AND is_active) THEN
        given_level := 'A';
      END IF;
      INSERT INTO account (
        email, email_key, username, name, first_name, last_name, picture, timezone, level, is_active, is_verified,
        created, password_hash, revision)
      VALUES (
        new_email, new_key, new_username, new_name, new_first_name, new_last_name, new_picture, new_timezone,
        given_level, new_is_active, new_is_verified, at, hash, 1)
      RETURNING id INTO number;
      PERFORM account_relink(number, issuers, subjects);
      PERFORM event_add('account.created', at, number::text, NULL, actor, format('{"level":"%s"}', given_level));
    END $$;

    CREATE FUNCTION account_replace(
      number bigint, at_revision bigint,
      new_email text, new_key text, new_username text, new_name text, new_first_name text, new_last_name text,
      new_picture text, new_timezone text, new_level text, new_is_active boolean, new_is_verified boolean,
      issuers text[], subjects text[], actor text[], at bigint
    ) RETURNS TABLE (outcome text, new_revision bigint, before account, issuer text, subject text)
    LANGUAGE plpgsql AS $$
    DECLARE
      old_issuers text[];
      old_subjects text[];
      is_relinked boolean;
      changed text[];
      levels text := '';
    BEGIN
      SELECT * INTO before FROM account WHERE id = number;
      IF NOT FOUND THEN outcome := 'missing';
      ELSIF before.revision <> at_revision THEN outcome := 'conflict';
      ELSIF NOT (new_level = 'A' AND new_is_active) AND account_is_last_administrator(before) THEN
        outcome := 'administrator';
      ELSE outcome := account_taken(number, new_key, new_username, issuers, subjects);
      END IF;
      IF outcome IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
      END IF;
      new_revision := before.revision + (before.revision < 9223372036854775807)::int;
      RETURN QUERY
        SELECT 'replaced', new_revision, before, link.issuer, link.subject
        FROM (VALUES (number)) AS one (id) LEFT JOIN account_link AS link ON link.account_id = one.id
        ORDER BY link.place;
      SELECT array_agg(link.issuer ORDER BY place), array_agg(link.subject ORDER BY place)
        INTO old_issuers, old_subjects FROM account_link AS link WHERE account_id = number;
      is_relinked := coalesce(old_issuers, '{}') <> issuers OR coalesce(old_subjects, '{}') <> subjects;
      changed := array_remove(ARRAY[
        CASE WHEN before.email IS DISTINCT FROM new_email THEN '"email"' END,
        CASE WHEN before.username IS DISTINCT FROM new_username THEN '"username"' END,
        CASE WHEN before.name IS DISTINCT FROM new_name THEN '"name"' END,
        CASE WHEN before.first_name IS DISTINCT FROM new_first_name THEN '"first_name"' END,
        CASE WHEN before.last_name IS DISTINCT FROM new_last_name THEN '"last_name"' END,
        CASE WHEN before.picture IS DISTINCT FROM new_picture THEN '"picture"' END,
        CASE WHEN before.timezone IS DISTINCT FROM new_timezone THEN '"timezone"' END,
        CASE WHEN before.level <> new_level THEN '"level"' END,
        CASE WHEN before.is_active <> new_is_active THEN '"active"' END,
        CASE WHEN before.is_verified <> new_is_verified THEN '"verified"' END,
        CASE WHEN is_relinked THEN '"links"' END
      ], NULL);
      IF is_relinked THEN
        PERFORM account_relink(number, issuers, subjects);
      END IF;
      UPDATE account SET
        email = new_email, email_key = new_key, username = new_username, name = new_name, first_name = new_first_name,
        last_name = new_last_name, picture = new_picture, timezone = new_timezone, level = new_level,
        is_active = new_is_active, is_verified = new_is_verified, revision = new_revision,
        closing_due = closing_due OR NOT new_is_active,
        closing_except = CASE WHEN new_is_active THEN closing_except END
      WHERE id = number;
      IF changed <> '{}' THEN
        IF before.level <> new_level THEN
          levels := format(',"level":"%s","level_before":"%s"', new_level, before.level);
        END IF;
        PERFORM event_add(
          'account.changed', at, number::text, NULL, actor,
          format('{"changed":[%s]%s}', array_to_string(changed, ','), levels));
      END IF;
    END $$;

    CREATE FUNCTION account_set_password(
      number bigint, hash text, current_hash text, is_due boolean, excepted text, actor text[], at bigint
    ) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE account SET
        password_hash = hash, revision = revision + (revision < 9223372036854775807)::int,
        closing_due = closing_due OR is_due,
        closing_except = CASE
          WHEN NOT is_due THEN closing_except
          WHEN NOT closing_due OR closing_except = excepted THEN excepted
        END
      WHERE id = number AND password_hash IS NOT DISTINCT FROM current_hash;
      IF NOT FOUND THEN RETURN false; END IF;
      IF is_due THEN
        PERFORM event_add('account.password_changed', at, number::text, NULL, actor, NULL);
      END IF;
      RETURN true;
    END $$;

    CREATE FUNCTION account_remove(number bigint, actor text[], at bigint)
    RETURNS TABLE (outcome text, before account, issuer text, subject text) LANGUAGE plpgsql AS $$
    BEGIN
      SELECT * INTO before FROM account WHERE id = number;
      IF NOT FOUND THEN outcome := 'missing';
      ELSIF account_is_last_administrator(before) THEN outcome := 'administrator';
      END IF;
      IF outcome IS NOT NULL THEN
        RETURN NEXT;
        RETURN;
      END IF;
      RETURN QUERY
        SELECT 'removed', before, link.issuer, link.subject
        FROM (VALUES (number)) AS one (id) LEFT JOIN account_link AS link ON link.account_id = one.id
        ORDER BY link.place;
      PERFORM account_relink(number, '{}', '{}');
      DELETE FROM account WHERE id = number;
      PERFORM event_add('account.removed', at, number::text, NULL, actor, NULL);
    END $$;

    CREATE FUNCTION account_settle_closing(number bigint, excepted text) RETURNS void LANGUAGE sql AS $$
      UPDATE account SET closing_due = false, closing_except = NULL
      WHERE id = number AND closing_due AND closing_except IS NOT DISTINCT FROM excepted
    $$;
    """
}
