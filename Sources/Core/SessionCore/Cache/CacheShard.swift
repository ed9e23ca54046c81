import Synchronization

/// One part of the cache: everything of it happens under one lock, which is never held while waiting.
struct CacheShard {
  struct Slot {
    var entry: CachedSession?
    var life: SessionLife?
    var requestTime = Timestamp.earliest
    /// The latest request time that the store is known to have.
    var savedTime = Timestamp.earliest
    /// Whether the request time is newer than what was last handed to the store.
    var isDirty = false
    /// Whether who has had it read will look for it yet, which is no hit.
    var isAwaited = false
  }

  /// A read of the store that others wait for.
  final class Flight: Sendable {
    /// What has happened since it began.
    enum Standing {
      /// Nothing: what it brings is put in, and is the answer of all who wait.
      case good
      /// Another node may have written: it fills nothing, and who came later looks again. Who began it may have its
      /// answer, which is of a time after they asked.
      case overtaken
      /// This node has written: all look again, and find what it wrote.
      case stale
    }

    let state = Mutex(State())

    struct State {
      var standing = Standing.good
      var waiters: [CheckedContinuation<FlightResult, Never>] = []
      /// How it failed, if nobody has been told who has not begun to wait yet.
      var failure: StoreError?
    }

    func mark(_ standing: Standing) {
      state.withLock { state in
        if state.standing != .stale { state.standing = standing }
      }
    }
  }

  enum FlightResult: Sendable {
    case session(Session?)
    case failure(StoreError)
    /// Something was written meanwhile: look again.
    case stale
  }

  /// Writes on one session that are under way, and the newest revision that any of them brought back.
  struct PendingWrite {
    var count = 0
    var newestRevision = Int64.min
  }

  private let budget: Int
  private var bytes = 0
  private var hits = 0
  private var misses = 0
  private var evictions = 0
  private var savedTimes = 0
  private var places: [SessionID: Int32] = [:]
  private var slots: [Slot] = []
  private var free: [Int32] = []
  private var sieve = SieveList()
  private var dirty: [Int32] = []
  /// Request times that the store does not have yet, of sessions that left the cache or are being written.
  private var unsaved: [SessionID: Timestamp] = [:]
  var flights: [SessionID: Flight] = [:]
  private var writes: [SessionID: PendingWrite] = [:]

  init(budget: Int) { self.budget = budget }

  var statistics: CacheStatistics {
    CacheStatistics(
      hits: hits, misses: misses, evictions: evictions, savedTimes: savedTimes, sessions: places.count, bytes: bytes)
  }

  // MARK: Reading

  /// Where the session is; counts as a hit if it is anywhere.
  ///
  /// Who then asks the store counts the miss: the fast path, which does not, would have it counted twice.
  mutating func find(_ id: SessionID) -> Int32? {
    guard let slot = places[id] else { return nil }
    if slots[Int(slot)].isAwaited {
      slots[Int(slot)].isAwaited = false
    } else {
      hits &+= 1
      sieve.visit(slot)
    }
    return slot
  }

  mutating func countMiss() { misses &+= 1 }

  /// Registers a read of a session that is neither here nor being read; `false` if it is either.
  mutating func begin(_ flight: Flight, to id: SessionID) -> Bool {
    guard places[id] == nil, flights[id] == nil else { return false }
    countMiss()
    flights[id] = flight
    return true
  }

  /// How the last read of a session failed, if who has had it read has not been told; nobody else is told then.
  mutating func takeFailure(of id: SessionID) -> StoreError? {
    guard let failure = flights[id]?.state.withLock({ $0.failure }) else { return nil }
    flights[id] = nil
    return failure
  }

  /// Notes that who has had a session read has yet to look for it.
  mutating func expectLook(at id: SessionID) {
    if let slot = places[id] { slots[Int(slot)].isAwaited = true }
  }

  /// The session in a slot, with its latest request time.
  func session(in slot: Int32) -> Session? {
    var session = slots[Int(slot)].entry?.session
    session?.requestTime = slots[Int(slot)].requestTime
    return session
  }

  /// The text of a session, if what is here is of the same revision, and as open or ended.
  func rendering(of session: Session) -> SessionRendering? {
    guard let slot = places[session.id], let entry = slots[Int(slot)].entry,
      entry.session.revision == session.revision, entry.session.closeTime == session.closeTime
    else { return nil }
    return entry.rendering
  }

  /// Judges the session in a slot and, if it may be let in, counts the request.
  ///
  /// A miss if the request time must be in the store before the answer.
  mutating func verify(
    _ slot: Int32, generation: UInt32?, now: Timestamp, rules: CacheRules, touching: Bool
  ) -> CachedVerification {
    guard let life = slots[Int(slot)].life, let entry = slots[Int(slot)].entry else { return .miss }
    if let reason = life.reasonClosed(requestTime: slots[Int(slot)].requestTime, now: now) {
      return rules.isShared && !life.isOverForGood(for: generation) ? .miss : .refused(.closed, reason)
    }
    if let refusal = life.refusal(of: generation, now: now, grace: rules.grace) {
      return rules.isShared && refusal == .unknown ? .miss : .refused(refusal, nil)
    }
    if touching {
      if life.mustSave(after: slots[Int(slot)].savedTime, now: now, interval: rules.touchInterval) { return .miss }
      touch(slot, at: now)
    }
    return .active(entry, deadline: life.deadline(requestTime: slots[Int(slot)].requestTime))
  }

  /// Moves the request time of a slot forward.
  mutating func touch(_ slot: Int32, at now: Timestamp) {
    guard slots[Int(slot)].requestTime < now else { return }
    slots[Int(slot)].requestTime = now
    if !slots[Int(slot)].isDirty {
      slots[Int(slot)].isDirty = true
      dirty.append(slot)
    }
  }

  /// Counts a request of a session, which may have left the cache since it was found.
  ///
  /// - Returns: whether the request time must be in the store before the answer.
  mutating func touch(_ id: SessionID, at now: Timestamp, rules: CacheRules) -> Bool {
    guard let slot = places[id], let life = slots[Int(slot)].life else {
      unsaved[id] = max(unsaved[id] ?? now, now)
      return true
    }
    touch(slot, at: now)
    return life.mustSave(after: slots[Int(slot)].savedTime, now: now, interval: rules.touchInterval)
  }

  // MARK: Filling

  /// Puts in what was read or written, unless something newer is there.
  mutating func put(_ entry: CachedSession) {
    let session = entry.session
    var requestTime = session.requestTime
    if let slot = places[session.id], let existing = slots[Int(slot)].entry {
      guard existing.session.revision <= session.revision else { return }
      requestTime = max(requestTime, slots[Int(slot)].requestTime)
      bytes += entry.cost - existing.cost
      slots[Int(slot)].entry = entry
      slots[Int(slot)].life = session.life
      slots[Int(slot)].requestTime = requestTime
      slots[Int(slot)].savedTime = max(slots[Int(slot)].savedTime, session.requestTime)
      if session.closeTime != nil || session.requestTime >= requestTime { slots[Int(slot)].isDirty = false }
    } else {
      let slot = free.popLast() ?? Int32(truncatingIfNeeded: slots.count)
      if Int(slot) == slots.count { slots.append(Slot()) }
      places[session.id] = slot
      slots[Int(slot)] = Slot(
        entry: entry, life: session.life, requestTime: requestTime, savedTime: requestTime)
      sieve.append(slot)
      bytes += entry.cost
      if let pending = unsaved[session.id], session.closeTime == nil { touch(slot, at: pending) }
    }
    while bytes > budget, places.count > 1, let victim = sieve.candidate() {
      evictions &+= 1
      drop(victim)
    }
  }

  /// Replaces an entry that is there, and otherwise leaves the cache alone.
  mutating func refresh(_ entry: CachedSession) {
    let id = entry.session.id
    abandonFlight(id)
    if let newest = writes[id]?.newestRevision, newest < entry.session.revision {
      writes[id]?.newestRevision = entry.session.revision
    }
    if entry.session.closeTime != nil { unsaved.removeValue(forKey: id) }
    if places[id] != nil { put(entry) }
  }

  /// Takes the entry out; a request time that the store does not have is kept for it.
  mutating func remove(_ id: SessionID) {
    abandonFlight(id)
    if let slot = places[id] { drop(slot) }
  }

  /// Forgets the session altogether: it is closed for good or gone.
  mutating func forget(_ id: SessionID) {
    remove(id)
    unsaved.removeValue(forKey: id)
  }

  private mutating func drop(_ slot: Int32) {
    guard let entry = slots[Int(slot)].entry else { return }
    if slots[Int(slot)].isDirty { unsaved[entry.session.id] = slots[Int(slot)].requestTime }
    places.removeValue(forKey: entry.session.id)
    bytes -= entry.cost
    sieve.remove(slot)
    slots[Int(slot)] = Slot()
    free.append(slot)
  }

  /// Has a read under way fill nothing, and nobody join it.
  ///
  /// Who asks from now on reads anew. Were the old read left in place, they would find it stale and look again, without
  /// end and without a pause, on the very thread that it may need to finish.
  private mutating func abandonFlight(_ id: SessionID, as standing: Flight.Standing = .stale) {
    flights.removeValue(forKey: id)?.mark(standing)
  }

  // MARK: Other nodes

  /// A session was written, here or on another node, and is at `revision` now.
  ///
  /// Nothing older may stay or come in any more. What is here already is news of no write but this node's own.
  mutating func heard(_ id: SessionID, revision: Int64) {
    if let newest = writes[id]?.newestRevision, newest < revision { writes[id]?.newestRevision = revision }
    if let slot = places[id], let entry = slots[Int(slot)].entry {
      guard entry.session.revision < revision else { return }
      drop(slot)
    }
    abandonFlight(id, as: .overtaken)
  }

  /// Lets go of sessions to which anything may have been written.
  ///
  /// None that `isMeant` stays, and nothing of them that is under way comes in. Request times that the store does not
  /// have stay known.
  mutating func forgetAll(where isMeant: (SessionID) -> Bool) {
    for (id, slot) in Array(places) where isMeant(id) { drop(slot) }
    for id in Array(flights.keys) where isMeant(id) { abandonFlight(id, as: .overtaken) }
    for id in Array(writes.keys) where isMeant(id) { writes[id]?.newestRevision = .max }
  }

  /// Lets go of a user's sessions, to which anything may have been written, or of everybody's without a user.
  ///
  /// Whose session is under way is not known yet, so nothing that is comes in.
  mutating func forgetAll(of userID: ExactText?) {
    for index in slots.indices {
      guard let session = slots[index].entry?.session, userID.map({ $0 == session.userID }) ?? true else { continue }
      drop(Int32(truncatingIfNeeded: index))
    }
    for id in Array(flights.keys) { abandonFlight(id, as: .overtaken) }
    for id in Array(writes.keys) { writes[id]?.newestRevision = .max }
  }

  // MARK: Writes under way

  mutating func beginWrite(_ id: SessionID) { writes[id, default: PendingWrite()].count += 1 }

  /// Ends a write that brought back `entry`; it enters the cache unless another write of the same time brought a newer
  /// one.
  mutating func endWrite(_ id: SessionID, bringing entry: CachedSession) {
    abandonFlight(id)
    let newest = writes[id]?.newestRevision ?? .min
    if entry.session.revision >= newest {
      writes[id]?.newestRevision = entry.session.revision
      if entry.session.closeTime != nil { unsaved.removeValue(forKey: id) }
      put(entry)
    } else if newest == .max {
      // What is there may have been read before this write was made.
      remove(id)
    }
    endWrite(id)
  }

  /// Ends a write that removed the session: nothing that another write of the same time brings may come back.
  mutating func endWriteRemoving(_ id: SessionID) {
    writes[id]?.newestRevision = .max
    forget(id)
    endWrite(id)
  }

  /// Ends a write that changed nothing, since another had come first: what that one left must be read.
  mutating func endWriteDiscarding(_ id: SessionID) {
    remove(id)
    endWrite(id)
  }

  /// Ends a write that failed; it may have happened all the same, and so may be newer than what another write of the
  /// same time brings.
  mutating func endWriteUnknown(_ id: SessionID) {
    writes[id]?.newestRevision = .max
    endWriteDiscarding(id)
  }

  private mutating func endWrite(_ id: SessionID) {
    guard var write = writes[id] else { return }
    write.count -= 1
    writes[id] = write.count > 0 ? write : nil
  }

  // MARK: Request times for the store

  /// How many request times ``takeTouches()`` answers, at most.
  var touchCount: Int { dirty.count + unsaved.count }

  /// Every request time that the store does not have; they stay known here until ``confirm(_:)``.
  mutating func takeTouches() -> [SessionTouch] {
    for slot in dirty where slots[Int(slot)].isDirty {
      slots[Int(slot)].isDirty = false
      if let id = slots[Int(slot)].entry?.session.id { unsaved[id] = slots[Int(slot)].requestTime }
    }
    dirty.removeAll(keepingCapacity: true)
    return unsaved.map { SessionTouch(id: $0.key, requestTime: $0.value) }
  }

  /// The request time of one session, if the store does not have it; it stays known here until ``confirm(_:)``.
  mutating func unsavedTouch(of id: SessionID) -> SessionTouch? {
    if let slot = places[id], slots[Int(slot)].isDirty {
      slots[Int(slot)].isDirty = false
      unsaved[id] = slots[Int(slot)].requestTime
    }
    return unsaved[id].map { SessionTouch(id: id, requestTime: $0) }
  }

  /// The store has it now.
  mutating func confirm(_ touch: SessionTouch) {
    savedTimes &+= 1
    if unsaved[touch.id] == touch.requestTime { unsaved.removeValue(forKey: touch.id) }
    // Room for thousands is not kept for the next time; what is used all the time is not made anew each time.
    if unsaved.isEmpty, unsaved.capacity > 1000 { unsaved = [:] }
    if let slot = places[touch.id] {
      slots[Int(slot)].savedTime = max(slots[Int(slot)].savedTime, touch.requestTime)
    }
  }

  /// `session` with the latest request time known here.
  func current(_ session: Session) -> Session {
    var session = session
    if let pending = unsaved[session.id], session.closeTime == nil {
      session.requestTime = max(session.requestTime, pending)
    }
    if let slot = places[session.id], session.closeTime == nil {
      session.requestTime = max(session.requestTime, slots[Int(slot)].requestTime)
    }
    return session
  }
}
