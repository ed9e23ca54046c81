extension PostgreSQLSchema {
  /// The third step: windows that a clock far ahead began count for nothing.
  ///
  /// The arithmetic of `attempt_count` is that of `AttemptCount`; no sum or difference in it can leave the numbers of
  /// 64 bits, for times lie between the years 1 and 9999.
  static let farWindows = """
    CREATE FUNCTION attempts_counting(
      one text, at bigint, span bigint, OUT tries bigint, OUT window_end bigint, OUT wait_end bigint
    ) LANGUAGE sql STABLE AS $$
      SELECT kept.tries, kept.window_end, kept.wait_end
      FROM (
        SELECT
          least(greatest(count, 0), 9223372036854775806) AS tries,
          least(greatest(end_time, -62135596800000), 253402300799999) AS window_end,
          least(greatest(not_before, -62135596800000), 253402300799999) AS wait_end
        FROM login_attempt WHERE key = one
      ) AS kept
      WHERE at < kept.window_end AND kept.window_end - at <= 2 * least(span, 253402300799999)
    $$;
    COMMENT ON FUNCTION attempts_counting IS
      'The tries in a window that runs at a time and began no more than its span later, or nulls';

    CREATE OR REPLACE FUNCTION attempt_count(
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
        SELECT * INTO kept FROM attempts_counting(keys[place], at, windows[place]);
        IF kept.window_end IS NOT NULL THEN
          wait := greatest(
            wait, CASE WHEN kept.tries >= limits[place] THEN kept.window_end ELSE kept.wait_end END - at);
        END IF;
      END LOOP;
      IF wait > 0 THEN RETURN wait; END IF;
      FOR place IN 1..cardinality(keys) LOOP
        SELECT * INTO kept FROM attempts_counting(keys[place], at, windows[place]);
        IF kept.window_end IS NULL THEN
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

    DROP FUNCTION attempts_kept(text);
    """
}
