internal import JSON
internal import SessionCore

/// A data folder that holds the sessions of a rule, and the key ring of their tokens.
struct DataSet {
  /// The data folder.
  let folder: String
  let rule: SetRule
  /// How long it took to make.
  let seconds: Double

  private static let marker = "set.json"
  /// How many sessions a step takes in.
  private static let batch = 50_000

  /// The set in a folder, if there is a complete one of that many sessions.
  init?(in folder: String, count: Int) {
    guard let text = SmallFile.text("\(folder)/\(Self.marker)"),
      let note = try? JSONDocument(parsing: Array(text.utf8)).root,
      note["sessions"]?.integer == Int64(count), let start = note["start"]?.integer,
      let seconds = note["seconds"]?.double
    else { return nil }
    self.folder = folder
    rule = SetRule(count: count, start: Timestamp(milliseconds: start))
    self.seconds = seconds
  }

  private init(folder: String, rule: SetRule, seconds: Double) {
    self.folder = folder
    self.rule = rule
    self.seconds = seconds
  }

  /// Makes a set in a new folder; a failed attempt leaves nothing behind.
  static func make(
    _ count: Int, in folder: String, from source: any DataSetSource, progress: Progress
  ) async throws(BenchmarkError) -> DataSet {
    let part = folder + ".part"
    ScratchFolder.remove(part)
    let begin = ContinuousClock.now
    let start: Timestamp
    do throws(BenchmarkError) {
      start = try await add(count, to: part, isExpired: false, from: source, progress: progress)
    } catch {
      ScratchFolder.remove(part)
      throw error
    }
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    let set = DataSet(folder: folder, rule: SetRule(count: count, start: start), seconds: seconds)
    try SmallFile.write(set.note, to: "\(part)/\(marker)")
    try SmallFile.rename(part, to: folder)
    return set
  }

  /// Adds sessions to the store in a data folder, and answers when the first was opened.
  @discardableResult
  static func add(
    _ count: Int, to folder: String, isExpired: Bool, from source: any DataSetSource, progress: Progress
  ) async throws(BenchmarkError) -> Timestamp {
    let (store, sessions) = try await source.open(folder)
    let now = sessions.clock.now()
    let rule = SetRule(count: count, start: now - (isExpired ? .days(3) : SetRule.span), isExpired: isExpired)
    do throws(BenchmarkError) {
      try await fill(store, by: rule, progress: progress)
    } catch {
      await store.shutdown()
      throw error
    }
    await store.shutdown()
    return rule.start
  }

  private static func fill(
    _ store: any BulkSessionStore, by rule: SetRule, progress: Progress
  ) async throws(BenchmarkError) {
    var start = 0
    while start < rule.count {
      if Task.isCancelled { throw .interrupted }
      let end = min(start + batch, rule.count)
      try await insert(start..<end, of: rule, into: store)
      start = end
      progress.show("making \(rule.count) sessions", part: Double(start) / Double(rule.count))
    }
  }

  private static func insert(
    _ numbers: Range<Int>, of rule: SetRule, into store: any BulkSessionStore
  ) async throws(BenchmarkError) {
    do throws(StoreError) { _ = try await store.insertAll(numbers.map { rule.session($0) }) } catch {
      throw BenchmarkError(.failed, "The data set can't be made: \(error.description)")
    }
  }

  private var note: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("sessions", Int64(rule.count))
    writer.member("start", rule.start.milliseconds)
    writer.name("seconds")
    writer.double(seconds)
    writer.endObject()
    return writer.bytes
  }
}

extension DataSet {
  /// Writes sessions for the load scripts, spread evenly over the set: id, token, user.
  ///
  /// - Parameters:
  ///   - count: how many; at most as many as there are.
  ///   - offset: which of neighbours, so that two lists have none in common.
  ///   - file: where.
  ///   - source: opens the folder, for its keys; no server may use it.
  /// - Throws: if the store can't be opened or the file not be written.
  func write(
    _ count: Int, offset: Int = 0, to file: String, from source: any DataSetSource
  ) async throws(BenchmarkError) {
    let (store, sessions) = try await source.open(folder)
    var text: [UInt8] = []
    let count = min(count, rule.count)
    let step = rule.count / max(1, count)
    for index in 0..<count {
      let session = rule.session((index * step + offset) % rule.count)
      text += session.id.text + [0x20] + sessions.token(for: session).text + [0x20]
      text += Array(session.userID.string.utf8) + [0x0A]
    }
    await store.shutdown()
    // In no order that the store has: what is next to each other is not asked for one after the other.
    try SmallFile.write(Self.shuffled(text), to: file)
  }

  private static func shuffled(_ text: [UInt8]) -> [UInt8] {
    var lines = text.split(separator: 0x0A)
    for index in lines.indices.dropFirst().reversed() {
      lines.swapAt(index, Int(SetRule.mixed(UInt64(index)) % UInt64(index + 1)))
    }
    return Array(lines.joined(separator: [0x0A])) + [0x0A]
  }
}
