internal import SessionCore

extension SharedStoreCase {
  static let laneCases = [
    SharedStoreCase("lanes: both handles have the same, one or more, and one for accounts and keys") { probe in
      try probe.expect(probe.here.lanes >= 1, "one lane or more", found: "\(probe.here.lanes)")
      try probe.equal(probe.there.lanes, probe.here.lanes, "the other handle's lanes")
      try probe.expect(
        (0...probe.here.lanes).contains(probe.here.directoryLane), "one of the lanes, or the next, for accounts",
        found: "\(probe.here.directoryLane)")
      try probe.equal(probe.there.directoryLane, probe.here.directoryLane, "the other handle's lane of accounts")
    },
    SharedStoreCase("follow: every lane is opened before anything comes along it") { probe in
      try await probe.listening { ears in
        let session = probe.writer.session(1)
        try await probe.writer.add(session)
        try await probe.settle(ears)
        for lane in probe.allLanes {
          try probe.equal(ears.sounds.first { $0.lane == lane }, .opened(lane), "the first of lane \(lane)")
        }
      }
    },
    SharedStoreCase("follow: what is written while a listener is just coming is heard, or there before its lane opens")
    {
      probe in
      for round in 0..<20 {
        let session = probe.writer.session(UInt64(round))
        let writing = Task { try await probe.writer.add(session) }
        try await probe.listening { ears in
          let openings = ears.sounds.count { $0 == .opened(probe.lane(of: session.id)) }
          let isThere = try await probe.there.session(session.id) != nil
          try await writing.value
          try await probe.settle(ears)
          let isHeard = ears.sounds.contains(
            .note(.session(session.id, revision: session.revision), probe.lane(of: session.id)))
          try probe.expect(openings > 0 && (isThere || isHeard), "the opening to be seen or heard in round \(round)")
        }
      }
    },
    SharedStoreCase("follow: several listen at once, each to everything") { probe in
      try await probe.listening { first in
        try await probe.listening(on: probe.here) { second in
          let session = probe.writer.session(1)
          try await probe.writer.add(session)
          for ears in [first, second] {
            try await probe.settle(ears)
            let note = ChangeNote.session(session.id, revision: 1)
            try probe.expect(ears.sounds.contains(.note(note, probe.lane(of: session.id))), "both to hear of it")
          }
        }
      }
    },
    SharedStoreCase("follow: who stops listening and comes back finds every lane opened again") { probe in
      for _ in 0..<3 { try await probe.listening { ears in try await probe.settle(ears) } }
    },
  ]

  static let orderCases = [
    SharedStoreCase("heartbeat: comes to every node, with its number, along its lane") { probe in
      try await probe.listening { ears in
        for number in [0, 1, 1 << 63, .max] as [UInt64] {
          for lane in probe.allLanes {
            let sender = number % 2 == 0 ? probe.here : probe.there
            try await sender.sendHeartbeat(number, along: lane)
            try await ears.waitFor("heartbeat \(number) on lane \(lane)") { sounds in
              sounds.contains(.note(.heartbeat(number), lane))
            }
          }
        }
      }
    },
    SharedStoreCase("sign: what a node says of itself comes to every node as it was said") { probe in
      try await probe.listening { ears in
        for (number, sender) in [probe.here, probe.there].enumerated() {
          let sign = NodeSign(
            id: "node-\(number)", host: "machine.example", address: "https://[2001:db8::1]:8443", version: "1.2.3",
            started: probe.now, lanes: 65, held: 64, lag: number == 0 ? nil : 1234, tasks: ["upkeep", "webhooks"])
          for sign in [sign, sign.last] {
            try await sender.sendSign(sign)
            try await ears.waitFor("the sign of node \(number)") { sounds in
              sounds.contains(.note(.node(sign), sender.directoryLane))
            }
          }
        }
      }
    },
    SharedStoreCase("heartbeat: sent after a write was answered, by whichever node, it comes after the write's note") {
      probe in
      try await probe.listening { ears in
        for round in 0..<50 {
          let session = probe.writer.session(UInt64(1000 + round))
          let lane = probe.lane(of: session.id)
          try await probe.writer.add(session)
          if round % 2 == 0 { _ = try await probe.here.close(session.id, reason: .logout, now: probe.now) }
          let revision = round % 2 == 0 ? session.revision + 1 : session.revision
          let sender = round % 3 == 0 ? probe.here : probe.there
          try await sender.sendHeartbeat(UInt64(round), along: lane)
          try await ears.waitFor("heartbeat \(round)") { $0.contains(.note(.heartbeat(UInt64(round)), lane)) }
          let sounds = ears.sounds
          let note = sounds.firstIndex(of: .note(.session(session.id, revision: revision), lane))
          let heartbeat = sounds.firstIndex(of: .note(.heartbeat(UInt64(round)), lane))
          try probe.expect(
            note.map { $0 < heartbeat ?? 0 } ?? false, "the note of round \(round) before the heartbeat",
            found: "\(sounds.suffix(6).map(\.description))")
        }
      }
    },
    SharedStoreCase("order: the changes of one session are heard as they were made") { probe in
      try await probe.listening { ears in
        var session = probe.writer.session(1)
        try await probe.writer.add(session)
        for round in 0..<30 {
          session.revision += 1
          let store = round % 2 == 0 ? probe.here : probe.there
          let isReplaced = try await store.replace(session, revision: session.revision - 1, now: probe.now)
          try probe.expect(isReplaced, "change \(round) to be made")
        }
        try await probe.settle(ears)
        var revisions: [Int64] = []
        for case .note(.session(session.id, let revision), _) in ears.sounds { revisions.append(revision) }
        try probe.equal(revisions, Array(1...31), "the revisions as heard")
      }
    },
    SharedStoreCase("visible: who hears of a change and then reads finds it, on another node") { probe in
      let (notes, sink) = AsyncStream.makeStream(of: ChangeNote.self)
      let ears = Ears(caseName: probe.caseName) { sink.yield($0) }
      let (here, there) = (probe.here, probe.there)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await there.follow(ears) }
        for lane in probe.allLanes { try await ears.waitFor("lane \(lane) to open") { $0.contains(.opened(lane)) } }
        let count = 100
        let sessions = (0..<count).map { probe.writer.session(UInt64($0)) }
        async let writing: Void = withThrowingTaskGroup(of: Void.self) { writers in
          for session in sessions {
            writers.addTask {
              _ = try await here.insert(session, limit: nil, now: SharedProbe.now)
              _ = try await here.close(session.id, reason: .logout, now: SharedProbe.now)
            }
          }
          try await writers.waitForAll()
        }
        var closings = 0
        for await note in notes {
          guard case .session(let id, let revision) = note else { continue }
          let found = try await there.session(id)?.revision
          try probe.expect(
            found.map { $0 >= revision } ?? false, "revision \(revision) to be read once it was heard of",
            found: "\(found.map { "\($0)" } ?? "nothing")")
          if revision == 2 { closings += 1 }
          if closings == count { break }
        }
        try await writing
        group.cancelAll()
      }
    },
  ]
}
