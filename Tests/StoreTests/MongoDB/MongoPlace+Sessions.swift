#if MongoDB
  import SessionCore

  extension MongoPlace {
    /// The time at which the tests play, far from the real one.
    var now: Timestamp { Timestamp(milliseconds: 1_700_000_000_000) }

    /// A session opened a minute before.
    func session(_ number: UInt64, user: ExactText = "anna") -> Session {
      Session(
        id: SessionID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number), userID: user, openTime: now - .minutes(1),
        idleTimeout: .hours(1), lifetime: .days(1))
    }
  }

  extension MongoPlace {
    /// The actor whom the tests name.
    var actor: Actor { Actor(.service, name: "test") }
  }
#endif
