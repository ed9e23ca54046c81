internal import SessionCore

extension SharedStoreCase {
  /// Longer than any case takes.
  private static let long = TimeSpan.minutes(5)

  static let taskCases = [
    SharedStoreCase("holdTask: of two holders one has the task, whichever node asks") { probe in
      try probe.equal(try await probe.here.holdTask("reap", as: "a", for: long), true, "the first holder")
      for store in [probe.here, probe.there] {
        try probe.equal(try await store.holdTask("reap", as: "b", for: long), false, "the second holder")
      }
      try probe.equal(try await probe.there.holdTask("other", as: "b", for: long), true, "another task's holder")
    },
    SharedStoreCase("holdTask: of 40 that ask at once, over two nodes, one gets it") { probe in
      let stores = [probe.here, probe.there]
      for round in 0..<5 {
        let answers = try await probe.together(40) { index in
          try await stores[index % 2].holdTask("race \(round)", as: "node \(index)", for: long)
        }
        try probe.equal(answers.count { $0 }, 1, "the holders in round \(round)")
      }
    },
    SharedStoreCase("holdTask: a holder prolongs its time, and can shorten it") { probe in
      for _ in 0..<3 {
        try probe.equal(try await probe.here.holdTask("reap", as: "a", for: long), true, "the holder")
      }
      try probe.equal(try await probe.there.holdTask("reap", as: "b", for: long), false, "the other")
      try probe.equal(
        try await probe.here.holdTask("reap", as: "a", for: TimeSpan(milliseconds: 50)), true, "the holder")
      try await probe.expectTakeover(of: "reap", by: "b")
      try probe.equal(try await probe.here.holdTask("reap", as: "a", for: long), false, "the former holder")
    },
    SharedStoreCase("holdTask: what a holder that is gone had is free when its time is over") { probe in
      let short = TimeSpan(milliseconds: 200)
      try probe.equal(try await probe.here.holdTask("reap", as: "a", for: short), true, "the holder")
      try await probe.expectTakeover(of: "reap", by: "b")
    },
    SharedStoreCase("releaseTask: makes it free at once; another's is left alone, and none is no error") { probe in
      try probe.equal(try await probe.here.holdTask("reap", as: "a", for: long), true, "the holder")
      try await probe.there.releaseTask("reap", as: "b")
      try await probe.here.releaseTask("never held", as: "a")
      try probe.equal(try await probe.there.holdTask("reap", as: "b", for: long), false, "the other")
      try await probe.here.releaseTask("reap", as: "a")
      try probe.equal(try await probe.there.holdTask("reap", as: "b", for: long), true, "the other, once it is free")
    },
  ]

  static let sharedLifecycleCases = [
    SharedStoreCase("shutdown: every later call throws closed") { probe in
      let here = probe.here
      await here.shutdown()
      try await probe.expectClosed([
        { try await here.sendHeartbeat(1, along: 0) },
        { _ = try await here.holdTask("reap", as: "a", for: long) },
        { try await here.releaseTask("reap", as: "a") },
      ])
    }
  ]
}

extension SharedProbe {
  /// Asks for a task until it is given, for as long as twenty seconds.
  fileprivate func expectTakeover(of task: String, by holder: String) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while try await !there.holdTask(task, as: holder, for: .minutes(5)) {
      try expect(ContinuousClock.now < end, "the task to be free once its time is over", found: "not within 20 s")
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
