internal import RedisDriver
public import SessionCore
internal import Synchronization

extension RedisStore: SharedStore {
  /// One on one server, where all notes take one path, and one for each partition of a Cluster.
  public var lanes: Int { layout.partitions }

  /// The first partition's.
  public var directoryLane: Int { layout.directory }

  /// Sends a heartbeat by a script that also writes, so that a server which may not write any more sends none.
  public func sendHeartbeat(_ number: UInt64, along lane: Int) async throws(StoreError) {
    guard layout.tags.indices.contains(lane) else { return }
    _ = try await read(scripts.heartbeat, at: layout.tags[lane], [RedisArgument(number)], by: deadline())
  }

  /// Publishes a sign of life, and writes nothing.
  public func sendSign(_ sign: NodeSign) async throws(StoreError) {
    _ = try await read(
      scripts.sign, at: layout.tags[layout.directory], [RedisArgument(ChangeNote.node(sign).text)], by: deadline())
  }

  /// Listens by `SUBSCRIBE`, in a Cluster by `SSUBSCRIBE`, on connections of their own.
  public func follow(_ listener: any ChangeListener) async {
    let channels = layout.channels
    let lanes = Dictionary(uniqueKeysWithValues: channels.enumerated().map { ($1, $0) })
    let subscription = try? client.subscribe(to: channels) { event in
      switch event {
      case .subscribed(let channel): if let lane = lanes[channel] { listener.laneOpened(lane) }
      case .lost(let channel): if let lane = lanes[channel] { listener.laneClosed(lane) }
      case .message(let channel, let payload):
        guard let lane = lanes[channel] else { return }
        for line in payload.split(separator: 0x0A) {
          if let note = ChangeNote(String(decoding: line, as: UTF8.self)) { listener.heard(note, along: lane) }
        }
      }
    }
    await Cancellation().wait()
    subscription?.cancel()
  }

  /// Takes or keeps a task, by the server's clock.
  public func holdTask(
    _ task: String, as holder: String, for duration: TimeSpan
  ) async throws(StoreError) -> Bool {
    let span = min(max(1, duration.milliseconds), TimeSpan.days(36_500).milliseconds)
    let answer = try await write(
      scripts.holdTask, at: layout.tags[layout.directory],
      [RedisArgument(task), RedisArgument(holder), RedisArgument(span)], by: deadline())
    return answer.asInteger == 1
  }

  /// Gives a task back.
  public func releaseTask(_ task: String, as holder: String) async throws(StoreError) {
    _ = try await write(
      scripts.releaseTask, at: layout.tags[layout.directory], [RedisArgument(task), RedisArgument(holder)],
      by: deadline())
  }
}

/// The end of a task, to wait for.
private final class Cancellation: Sendable {
  private enum State {
    case idle
    case waiting(CheckedContinuation<Void, Never>)
    case over
  }

  private let state = Mutex(State.idle)

  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if case .over = state { return true }
          state = .waiting(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
        defer { state = .over }
        guard case .waiting(let continuation) = state else { return nil }
        return continuation
      }
      waiting?.resume()
    }
  }
}
