extension PostgreSQLSchema {
  /// What logging in must remember, and the verbs that write it; ``farWindows`` has changed how tries are counted.
  static let logins = """
    CREATE TABLE login_attempt (
      key text COLLATE "C" PRIMARY KEY,
      count bigint NOT NULL,
      end_time bigint NOT NULL,
      not_before bigint NOT NULL
    );
    CREATE INDEX login_attempt_by_end ON login_attempt (end_time);
    CREATE TABLE used_once (
      key text COLLATE "C" PRIMARY KEY,
      end_time bigint NOT NULL
    );
    CREATE INDEX used_once_by_end ON used_once (end_time);
    COMMENT ON TABLE login_attempt IS 'Tries to log in, counted; times are milliseconds since 1970 UTC';
    COMMENT ON TABLE used_once IS 'What may be used once and is used, until end_time in milliseconds since 1970 UTC';

    CREATE FUNCTION attempts_kept(one text, OUT tries bigint, OUT window_end bigint, OUT wait_end bigint)
    LANGUAGE sql STABLE AS $$
      SELECT
        least(greatest(count, 0), 9223372036854775806),
        least(greatest(end_time, -62135596800000), 253402300799999),
        least(greatest(not_before, -62135596800000), 253402300799999)
      FROM login_attempt WHERE key = one
    $$;

    CREATE FUNCTION attempt_count(
      keys text[], limits bigint[], windows bigint[], delay_afters bigint[], first_delays bigint[],
      longest_delays bigint[], at bigint
    ) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
      latest CONSTANT bigint := 253402300799999;
      kept record;
      delay bigint;
      wait bigint := 0;
    BEGIN
      FOR place IN 1..cardinality(keys) LOOP
        SELECT * INTO kept FROM attempts_kept(keys[place]);
        IF at < kept.window_end THEN
          wait := greatest(
            wait, CASE WHEN kept.tries >= limits[place] THEN kept.window_end ELSE kept.wait_end END - at);
        END IF;
      END LOOP;
      IF wait > 0 THEN RETURN wait; END IF;
      FOR place IN 1..cardinality(keys) LOOP
        SELECT * INTO kept FROM attempts_kept(keys[place]);
        IF kept.window_end IS NULL OR at >= kept.window_end THEN
          kept.tries := 0;
          kept.window_end := at + least(windows[place], latest - at);
          kept.wait_end := at;
        END IF;
        kept.tries := kept.tries + 1;
        IF kept.tries >= delay_afters[place] THEN
          delay := first_delays[place];
          FOR step IN 1..CASE
            WHEN delay_afters[place] < kept.tries - 64 THEN 64 ELSE kept.tries - delay_afters[place]
          END LOOP
            EXIT WHEN delay >= longest_delays[place];
            delay := delay + least(delay, longest_delays[place] - delay);
          END LOOP;
          kept.wait_end := at + least(delay, latest - at);
        END IF;
        INSERT INTO login_attempt (key, count, end_time, not_before)
          VALUES (keys[place], kept.tries, kept.window_end, kept.wait_end)
          ON CONFLICT (key) DO UPDATE
          SET count = excluded.count, end_time = excluded.end_time, not_before = excluded.not_before;
      END LOOP;
      RETURN 0;
    END $$;

    CREATE FUNCTION attempts_forget(keys text[]) RETURNS void LANGUAGE sql AS $$
      DELETE FROM login_attempt WHERE key = ANY (keys)
    $$;

    CREATE FUNCTION attempts_return(keys text[]) RETURNS void LANGUAGE sql AS $$
      UPDATE login_attempt SET count = greatest(count - given.times, 0)
      FROM (SELECT one, count(*) AS times FROM unnest(keys) AS one GROUP BY one) AS given
      WHERE key = given.one AND count > 0
    $$;

    CREATE FUNCTION use_once(one text, until bigint) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO used_once (key, end_time) VALUES (one, until) ON CONFLICT (key) DO NOTHING;
      RETURN FOUND;
    END $$;

    CREATE FUNCTION login_notes_purge(at bigint, most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
      removed bigint;
      also bigint;
    BEGIN
      DELETE FROM login_attempt WHERE key IN (
        SELECT key FROM login_attempt WHERE end_time <= at ORDER BY end_time LIMIT most);
      GET DIAGNOSTICS removed = ROW_COUNT;
      DELETE FROM used_once WHERE key IN (
        SELECT key FROM used_once WHERE end_time <= at ORDER BY end_time LIMIT most - removed);
      GET DIAGNOSTICS also = ROW_COUNT;
      RETURN removed + also;
    END $$;
    """
}
