extension PostgreSQLSchema {
  /// Version 1: sessions, the event log, and the tasks that one node at a time does.
  ///
  /// Times are milliseconds since 1970 UTC. `deadline` is the server's to compute, so that nothing can write it wrong;
  /// the number in it is the last millisecond of the year 9999, and no sum can be too great for its type.
  ///
  /// Open and closed sessions have indexes apart, each in the order of a list: a session is in those of its part alone.
  /// The trigger tells of every change but a touch, whoever makes it.
  static let sessions = """
    CREATE TABLE session (
      id text COLLATE "C" PRIMARY KEY,
      user_id text COLLATE "C" NOT NULL,
      user_name text COLLATE "C",
      address text COLLATE "C",
      client text COLLATE "C",
      user_agent text COLLATE "C",
      kind text COLLATE "C",
      status text COLLATE "C",
      open_time bigint NOT NULL,
      request_time bigint NOT NULL,
      renew_time bigint NOT NULL,
      close_time bigint,
      close_reason text COLLATE "C",
      idle_timeout bigint NOT NULL,
      lifetime bigint NOT NULL,
      generation bigint NOT NULL,
      is_remembered boolean NOT NULL,
      login_method text COLLATE "C",
      auth_time bigint,
      revision bigint NOT NULL,
      deadline bigint NOT NULL GENERATED ALWAYS AS (least(
        request_time + least(idle_timeout, 253402300799999 - request_time),
        open_time + least(lifetime, 253402300799999 - open_time))) STORED,
      "user" text COLLATE "C",
      data text COLLATE "C",
      carried text COLLATE "C"
    );
    COMMENT ON TABLE session IS 'One row for each session; nothing in it opens one';
    COMMENT ON COLUMN session.open_time IS 'Times are milliseconds since 1970 UTC: to_timestamp(open_time / 1000.0)';
    COMMENT ON COLUMN session.close_time IS 'When it ended; NULL while it is open';
    COMMENT ON COLUMN session.deadline IS 'When it ends if no other request comes';
    COMMENT ON COLUMN session.revision IS 'Raised by each write but a touch';
    COMMENT ON COLUMN session."user" IS 'JSON, byte for byte; dropped when the session ends';
    COMMENT ON COLUMN session.data IS 'JSON, byte for byte; dropped when the session ends';
    COMMENT ON COLUMN session.carried IS 'Digest and sealed token of a session whose caller brought the token along';
    CREATE INDEX session_open_by_opened ON session (open_time, id) WHERE close_time IS NULL;
    CREATE INDEX session_open_by_requested ON session (request_time, id) WHERE close_time IS NULL;
    CREATE INDEX session_open_by_user ON session (user_id, open_time, id) WHERE close_time IS NULL;
    CREATE INDEX session_open_by_address ON session (address, open_time, id)
      WHERE close_time IS NULL AND address IS NOT NULL;
    CREATE INDEX session_open_by_client ON session (client, open_time, id)
      WHERE close_time IS NULL AND client IS NOT NULL;
    CREATE INDEX session_open_by_status ON session (status, open_time, id)
      WHERE close_time IS NULL AND status IS NOT NULL;
    CREATE INDEX session_open_by_kind ON session (kind, open_time, id)
      WHERE close_time IS NULL AND kind IS NOT NULL;
    CREATE INDEX session_open_by_deadline ON session (deadline, id) WHERE close_time IS NULL;
    CREATE INDEX session_closed_by_opened ON session (open_time, id) WHERE close_time IS NOT NULL;
    CREATE INDEX session_closed_by_requested ON session (request_time, id) WHERE close_time IS NOT NULL;
    CREATE INDEX session_closed_by_user ON session (user_id, open_time, id) WHERE close_time IS NOT NULL;
    CREATE INDEX session_closed_by_address ON session (address, open_time, id)
      WHERE close_time IS NOT NULL AND address IS NOT NULL;
    CREATE INDEX session_closed_by_client ON session (client, open_time, id)
      WHERE close_time IS NOT NULL AND client IS NOT NULL;
    CREATE INDEX session_closed_by_status ON session (status, open_time, id)
      WHERE close_time IS NOT NULL AND status IS NOT NULL;
    CREATE INDEX session_closed_by_kind ON session (kind, open_time, id)
      WHERE close_time IS NOT NULL AND kind IS NOT NULL;
    CREATE INDEX session_closed_by_closed ON session (close_time, id) WHERE close_time IS NOT NULL;
    CREATE INDEX session_requested_early ON session (request_time) WHERE request_time < open_time;

    CREATE FUNCTION tell_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        PERFORM pg_catalog.pg_notify(TG_TABLE_SCHEMA, 's ' || OLD.id || ' 9223372036854775807');
      ELSE
        PERFORM pg_catalog.pg_notify(TG_TABLE_SCHEMA, 's ' || NEW.id || ' ' || NEW.revision);
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER tell_of_session_added AFTER INSERT OR DELETE ON session
      FOR EACH ROW EXECUTE FUNCTION tell_of_session();
    CREATE TRIGGER tell_of_session_changed AFTER UPDATE ON session
      FOR EACH ROW WHEN (OLD.revision <> NEW.revision OR OLD.request_time = NEW.request_time)
      EXECUTE FUNCTION tell_of_session();

    CREATE TABLE event (
      number bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
      kind text COLLATE "C" NOT NULL,
      time bigint NOT NULL,
      session_id text COLLATE "C",
      user_id text COLLATE "C",
      key_id bigint,
      reason text COLLATE "C",
      actor_kind text COLLATE "C" NOT NULL,
      actor_name text COLLATE "C",
      address text COLLATE "C",
      request_id text COLLATE "C",
      details text COLLATE "C"
    );
    COMMENT ON TABLE event IS 'What happened, in the order of the numbers, which have gaps';
    COMMENT ON COLUMN event.time IS 'Milliseconds since 1970 UTC: to_timestamp(time / 1000.0)';
    CREATE TABLE event_cursor (
      follower text COLLATE "C" PRIMARY KEY,
      number bigint NOT NULL
    );
    COMMENT ON TABLE event_cursor IS 'How far the followers of the log have got';

    CREATE TABLE task (
      name text COLLATE "C" PRIMARY KEY,
      holder text COLLATE "C" NOT NULL,
      until timestamptz NOT NULL
    );
    COMMENT ON TABLE task IS 'Which node does what only one should do, and until when nobody else may';
    """
}
