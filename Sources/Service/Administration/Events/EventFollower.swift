import Commands
import HTTPClient
import JSON
import Synchronization

/// Follows a server's events live, and goes on where it was when the connection breaks.
struct EventFollower: Sendable {
  /// The server sends something every 15 s; three times that is a dead connection.
  private static let silence = Duration.seconds(45)
  let connection: ServerConnection
  let query: ServerConnection.Query
  /// Says that the connection broke, and that it is there again.
  let remark: @Sendable (String) -> Void

  /// What one connection has come to.
  private struct State {
    var lines = EventLines()
    var last: String?
    var hasReceived = false
    var isUnread = false
    var isBroken = false
  }

  /// Hands over each event until the task is cancelled and the client stopped, or `handle` answers that nobody reads.
  ///
  /// - Parameters:
  ///   - after: the cursor after which to begin; `nil` to begin now.
  ///   - handle: takes an event, on the connection's own thread; `false` ends it.
  /// - Throws: if the first connection fails, or the server refuses.
  func run(
    after: String?, _ handle: @escaping @Sendable (JSONValue) -> Bool
  ) async throws(CommandError) {
    var cursor = after
    var isFirst = true
    while !Task.isCancelled {
      let shared = Shared(State(last: cursor))
      var request = connection.request(.get, "/v2/events", query, accept: "text/event-stream")
      request.limits.totalTime = .seconds(86_400)
      request.limits.silence = Self.silence
      if let cursor, let field = HTTPClientField("Last-Event-ID", cursor) { request.fields.append(field) }
      let wasFirst = isFirst
      let result = await send(request, shared, wasFirst: wasFirst, handle)
      let (last, isUnread, hasReceived, isBroken) = shared.state.withLock {
        ($0.last, $0.isUnread, $0.hasReceived, $0.isBroken)
      }
      cursor = last
      if isUnread || Task.isCancelled { return }
      if isBroken { throw CommandError(.failed, "\(connection.name) sends what are no events.") }
      switch result {
      case .success(let reply):
        // A server that comes back may say for a while that its store is not there yet.
        let mayPass = reply.status >= 500 && !isFirst
        if !(200...299).contains(reply.status), !mayPass { throw connection.refusal(reply) }
      case .failure(let error): if isFirst, !hasReceived { throw connection.failure(error) }
      }
      isFirst = false
      if hasReceived { remark("The connection is gone; trying again.") }
      // What is cancelled ends at the next turn.
      try? await Task.sleep(for: .seconds(1))
    }
  }

  /// What the thread of the connection and the follower share.
  private final class Shared: Sendable {
    let state: Mutex<State>
    init(_ state: State) { self.state = Mutex(state) }
  }

  private func send(
    _ request: HTTPClientRequest, _ shared: Shared, wasFirst: Bool,
    _ handle: @escaping @Sendable (JSONValue) -> Bool
  ) async -> Result<ServerConnection.Reply, HTTPClientError> {
    let remark = remark
    do throws(HTTPClientError) {
      let response = try await connection.client.send(request) { bytes in
        let (entries, isAgain) = shared.state.withLock { state in
          defer { state.hasReceived = true }
          let entries = state.lines.take(bytes)
          if entries == nil { state.isBroken = true }
          return (entries, !state.hasReceived && !wasFirst)
        }
        if isAgain { remark("The connection is there again.") }
        guard let entries else { return false }
        for entry in entries {
          if let data = entry.data, let event = try? JSONDocument(parsing: data, limits: .widest).root, !handle(event) {
            shared.state.withLock { $0.isUnread = true }
            return false
          }
          shared.state.withLock { $0.last = entry.id }
        }
        return true
      }
      return .success(ServerConnection.Reply(status: response.status, body: response.body))
    } catch {
      return .failure(error)
    }
  }
}
