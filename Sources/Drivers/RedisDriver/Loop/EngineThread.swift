internal import BlockingIO

/// The thread of an engine, and the way to reach it.
final class EngineThread: Sendable {
  let inbox: Inbox
  private let workers: BlockingWorkers<EngineSettings>

  init(name: String, _ settings: EngineSettings, _ resolver: Resolver, capacity: Int) throws(RedisError) {
    let inbox = try Inbox(capacity: capacity, byteCapacity: 256 << 20)
    self.inbox = inbox
    do throws(BlockingIOError) {
      workers = try BlockingWorkers(name: name, capacity: 1) { _ in
        { batch in
          // The only job there is: it takes as long as the client lives.
          for settings in batch { Engine(settings: settings, inbox: inbox, resolver: resolver).run() }
        }
      }
      try workers.submit(settings)
    } catch { throw RedisError(.stopped, error.description) }
  }

  /// Ends what is under way, soon.
  func close() { inbox.close() }

  /// Ends what is under way, and returns when the thread is gone.
  func stop() async {
    inbox.close()
    await workers.stop()
  }
}
