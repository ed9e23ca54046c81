import Cryptography
import JSON
import Log
import MemoryStore
import Metrics
import SessionCore
import SessionTesting
import Synchronization
import Testing

@testable import Webhooks

/// Events told to other programs.
@Suite struct WebhookTests {
  private static let now = Timestamp(milliseconds: 1_700_000_000_123)
  private static let secret = "0123456789abcdef0123456789abcdef"

  /// A receiver that answers what it is told to, and ends the delivery once it has taken enough.
  private final class Receiver: WebhookSender {
    struct Post: Sendable {
      let body: [UInt8]
      let fields: [String: String]
      var cursors: [String] {
        ((try? JSONDocument(parsing: body).root["events"]?.elements) ?? []).compactMap { $0["cursor"]?.string }
      }
    }
    private let state: Mutex<(posts: [Post], answers: [WebhookAnswer])>
    init(_ answers: [WebhookAnswer]) { state = Mutex(([], answers)) }

    var posts: [Post] { state.withLock { $0.posts } }
    func post(_ body: [UInt8], to url: String, fields: [(name: String, value: String)]) async -> WebhookAnswer {
      state.withLock { state in
        state.posts.append(Post(body: body, fields: Dictionary(uniqueKeysWithValues: fields)))
        return state.answers.isEmpty ? .status(204) : state.answers.removeFirst()
      }
    }
  }

  private final class Silence: LogSink {
    func write(_ lines: [UInt8]) {}
  }

  private func webhook(_ kinds: Set<Event.Kind>? = nil) -> Webhook {
    Webhook(name: "crm", url: "https://crm.example/", secret: SecretBytes(Self.secret.utf8), kinds: kinds)
  }

  private func event(_ kind: Event.Kind = .sessionOpened) -> Event {
    Event(kind, at: Self.now, by: Actor(.service, address: "127.0.0.1"))
  }

  /// Delivers until there is nothing more to tell; answers how long each pause was to be.
  private func run(_ store: MemoryStore, _ receiver: Receiver, _ webhook: Webhook) async -> [Duration] {
    let pauses = Mutex<[Duration]>([])
    let log = Log(level: .error, sink: Silence(), now: { Self.now })
    await withTaskGroup(of: Void.self) { group in
      let (ends, end) = AsyncStream.makeStream(of: Void.self)
      let webhooks = Webhooks(
        [webhook], store: store, sender: receiver, clock: ManualClock(Self.now),
        news: { _, _ in
          end.finish()
          await withTaskCancellationHandler {
            try? await Task.never()
          } onCancel: {
          }
        },
        pause: { duration in pauses.withLock { $0.append(duration) } }, log: log, metrics: Metrics())
      group.addTask { await webhooks.run() }
      for await _ in ends {}
      group.cancelAll()
    }
    return pauses.withLock { $0 }
  }

  @Test("a webhook is told of what happens from its first start on, in order and once")
  func order() async throws {
    let store = MemoryStore()
    try await store.append([event(), event()])
    let receiver = Receiver([])
    _ = await run(store, receiver, webhook())
    #expect(receiver.posts.isEmpty)
    try await store.append((0..<250).map { _ in event() })
    _ = await run(store, receiver, webhook())
    #expect(receiver.posts.map(\.cursors.count) == [100, 100, 50])
    #expect(receiver.posts.flatMap(\.cursors) == (3...252).map(String.init))
    _ = await run(store, receiver, webhook())
    #expect(receiver.posts.count == 3)
  }

  @Test("what is not taken is posted again, the same, after longer and longer waits")
  func retries() async throws {
    let store = MemoryStore()
    let receiver = Receiver([.status(500), .failed("no answer"), .status(302), .status(200)])
    _ = await run(store, receiver, webhook())
    try await store.append([event(), event()])
    let pauses = await run(store, receiver, webhook())
    #expect(pauses == [.seconds(1), .seconds(2), .seconds(4)])
    #expect(receiver.posts.count == 4)
    #expect(Set(receiver.posts.map(\.body)).count == 1)
    #expect(Set(receiver.posts.compactMap { $0.fields["webhook-id"] }) == ["crm-1-2"])
    _ = await run(store, receiver, webhook())
    #expect(receiver.posts.count == 4)
  }

  @Test("waits grow to five minutes and no further, however often a post fails")
  func longest() {
    var retries = WebhookRetries()
    let waits = (0..<40).map { _ in retries.next() }
    #expect(Array(waits.prefix(9)) == [1, 2, 4, 8, 16, 32, 64, 128, 256].map { Duration.seconds($0) })
    #expect(waits.dropFirst(9).allSatisfy { $0 == .seconds(300) })
    retries.reset()
    #expect(retries.next() == .seconds(1))
  }

  @Test("only the kinds asked for are told, and what was passed over is not looked at again")
  func kinds() async throws {
    let store = MemoryStore()
    let receiver = Receiver([])
    let webhook = webhook([.sessionClosed])
    _ = await run(store, receiver, webhook)
    try await store.append([event(), event(.sessionClosed), event(), event()])
    _ = await run(store, receiver, webhook)
    #expect(receiver.posts.map(\.cursors) == [["2"]])
    try await store.append([event(), event(.sessionClosed)])
    _ = await run(store, receiver, webhook)
    #expect(receiver.posts.map(\.cursors) == [["2"], ["6"]])
  }

  @Test("the signature is over the id, the time and the body")
  func signature() async throws {
    let store = MemoryStore()
    let receiver = Receiver([])
    _ = await run(store, receiver, webhook())
    try await store.append([event()])
    _ = await run(store, receiver, webhook())
    let post = try #require(receiver.posts.first)
    #expect(post.fields["webhook-timestamp"] == "1700000000")
    let signed = Array("crm-1-1.1700000000.".utf8) + post.body
    let code = MessageAuthenticationKey(SecretBytes(Self.secret.utf8)).code(for: signed)
    #expect(post.fields["webhook-signature"] == "v1,\(Base64.text(of: code))")
  }

  @Test(
    "base64 is that of RFC 4648",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")])
  func base64(bytes: String, text: String) {
    #expect(Base64.text(of: Array(bytes.utf8)) == text)
  }
}

extension Task where Success == Never, Failure == Never {
  /// Waits until cancelled.
  fileprivate static func never() async throws {
    let (stream, _) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
  }
}
