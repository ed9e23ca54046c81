public import Log
public import Metrics
public import SessionCore

/// Tells programs of events: posts what the log holds, in its order, each time from where the program had got.
///
/// A program is told of each event at least once: how far it has got is stored after it has answered with a status of
/// the 200s, so that a crash in between tells it again, under the same cursors. A program named for the first time is
/// told of what happens from then on.
public struct Webhooks: Sendable {
  /// Waits until there may be events after that number, or that long.
  public typealias News = @Sendable (_ number: Int64, _ longest: Duration) async -> Void
  /// Waits that long, or until cancelled.
  public typealias Pause = @Sendable (Duration) async -> Void

  /// How many events a post may hold.
  static let batch = 100

  private let webhooks: [Webhook]
  private let store: any EventStore
  private let sender: any WebhookSender
  private let clock: any SessionClock
  private let news: News
  private let pause: Pause
  private let log: Log
  private let delivered: [String: Counter]
  private let failed: [String: Counter]

  /// The deliveries to `webhooks`.
  ///
  /// - Parameters:
  ///   - webhooks: whom to tell; their names differ.
  ///   - store: where the events are.
  ///   - sender: what posts.
  ///   - clock: where the time comes from.
  ///   - news: waits for further events.
  ///   - pause: waits before another try.
  ///   - log: told of what is not taken.
  ///   - metrics: counts what is taken and what isn't.
  public init(
    _ webhooks: [Webhook], store: any EventStore, sender: any WebhookSender, clock: any SessionClock,
    news: @escaping News, pause: @escaping Pause, log: Log, metrics: Metrics
  ) {
    self.webhooks = webhooks
    self.store = store
    self.sender = sender
    self.clock = clock
    self.news = news
    self.pause = pause
    self.log = log
    var delivered: [String: Counter] = [:]
    var failed: [String: Counter] = [:]
    for webhook in webhooks {
      delivered[webhook.name] = metrics.counter(
        "sesame_webhook_events_total", help: "Events that a webhook has taken.", labels: ["webhook": webhook.name])
      failed[webhook.name] = metrics.counter(
        "sesame_webhook_failures_total", help: "Posts that a webhook has not taken, and that are tried again.",
        labels: ["webhook": webhook.name])
    }
    self.delivered = delivered
    self.failed = failed
  }

  /// Notes where the programs begin that were never told of anything; to be called before anything can happen that they
  /// must be told of.
  public func begin() async throws(StoreError) {
    for webhook in webhooks { _ = try await beginning(of: webhook) }
  }

  /// Goes on until it is cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for webhook in webhooks { group.addTask { await follow(webhook) } }
    }
  }

  private func follow(_ webhook: Webhook) async {
    var retries = WebhookRetries()
    var cursor: Int64?
    var kept: Int64?
    while !Task.isCancelled {
      do throws(StoreError) {
        let start: Int64
        if let cursor { start = cursor } else { start = try await beginning(of: webhook) }
        if cursor == nil { kept = start }
        cursor = start
        let page = try await store.events(after: start, kinds: webhook.kinds, limit: Self.batch)
        if !page.entries.isEmpty {
          guard await deliver(page.entries, to: webhook, &retries) else { return }
          try await store.setEventCursor(page.next, of: Self.follower(webhook))
          kept = page.next
        }
        cursor = page.next
        if page.hasMore { continue }
        // What was passed over is noted when there is nothing else to do, so that a restart need not walk it again.
        if let place = kept, page.next - place > 10_000 {
          try await store.setEventCursor(page.next, of: Self.follower(webhook))
          kept = page.next
        }
        await news(page.next, .seconds(30))
      } catch {
        log.error(
          "webhook.store_failed", ["webhook": .string(webhook.name), "error": .string(error.description)])
        await pause(.seconds(1))
      }
    }
  }

  private static func follower(_ webhook: Webhook) -> String { "webhook:\(webhook.name)" }

  private func beginning(of webhook: Webhook) async throws(StoreError) -> Int64 {
    if let cursor = try await store.eventCursor(of: Self.follower(webhook)) { return cursor }
    let now = try await store.lastEventNumber()
    try await store.setEventCursor(now, of: Self.follower(webhook))
    return now
  }

  /// Posts until the message is taken; answers `false` if it was cancelled before.
  private func deliver(_ entries: [LoggedEvent], to webhook: Webhook, _ retries: inout WebhookRetries) async -> Bool {
    let message = WebhookMessage(entries, for: webhook)
    while !Task.isCancelled {
      let answer = await sender.post(
        message.body, to: webhook.url, fields: message.fields(webhook, at: clock.now()))
      if case .status(200..<300) = answer {
        retries.reset()
        delivered[webhook.name]?.increment(by: UInt64(entries.count))
        return true
      }
      failed[webhook.name]?.increment()
      let wait = retries.next()
      let what =
        switch answer {
        case .status(let status): "status \(status)"
        case .failed(let reason): reason
        }
      log.warning(
        "webhook.not_taken",
        ["webhook": .string(webhook.name), "answer": .string(what), "retry_seconds": .integer(wait.components.seconds)])
      await pause(wait)
    }
    return false
  }
}
