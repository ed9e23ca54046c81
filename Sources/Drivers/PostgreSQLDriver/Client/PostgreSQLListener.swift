internal import BlockingIO

/// What is heard along one channel, on a connection and a thread of their own, for as long as somebody listens.
public struct PostgreSQLListener: Sendable {
  /// What there is to tell.
  public enum Happening: Sendable, Equatable {
    /// From here on everything is heard.
    case opened
    /// The channel was lost; something may be missed until it is opened again.
    case closed
    /// This was sent.
    case heard(String)
  }

  private let configuration: PostgreSQLClientConfiguration
  private let channel: String
  /// How long the thread waits before it looks whether anybody listens still.
  private static let slice: Duration = .milliseconds(100)
  /// After how long a silent connection is asked whether it stands: nobody else would notice that it does not.
  private static let silence: Duration = .milliseconds(1000)

  /// A listener that has not begun.
  public init(_ configuration: PostgreSQLClientConfiguration, channel: String) {
    self.configuration = configuration
    self.channel = channel
  }

  /// Tells `hear` what happens, one thing after the other on the listener's thread, until the task is cancelled.
  ///
  /// A connection that is lost is made again, several times a second if need be. It throws `busy` at once if there is
  /// no thread to be had.
  public func run(_ hear: @escaping @Sendable (Happening) -> Void) async throws(PostgreSQLError) {
    let stop = StopFlag()
    let workers: BlockingWorkers<Void>
    do throws(BlockingIOError) {
      workers = try BlockingWorkers(name: "pg-listen", capacity: 1) { _ in
        { _ in
          while !stop.isSet { listen(unless: stop, hear) }
        }
      }
      try workers.submit(())
    } catch {
      throw PostgreSQLError(error)
    }
    await withTaskCancellationHandler {
      await workers.stop()
    } onCancel: {
      stop.set()
    }
  }

  /// Listens on one connection until it is lost.
  private func listen(unless stop: StopFlag, _ hear: (Happening) -> Void) {
    let attempt = ContinuousClock.now
    var isOpen = false
    do throws(PostgreSQLError) {
      let connection = try PostgreSQLConnection(
        configuration.address, settings: configuration.settings, deadline: attempt + configuration.connectTimeout)
      try connection.listen(to: channel)
      isOpen = true
      hear(.opened)
      var lastHeard = ContinuousClock.now
      while !stop.isSet {
        let heard = try connection.notifications(until: .now + Self.slice)
        for text in heard { hear(.heard(text)) }
        if !heard.isEmpty {
          lastHeard = .now
        } else if ContinuousClock.now > lastHeard + Self.silence {
          connection.deadline = .now + configuration.timeout
          _ = try connection.rows("SELECT 1")
          lastHeard = .now
        }
      }
    } catch {}
    if isOpen { hear(.closed) }
    stop.rest(until: attempt + .milliseconds(200))
  }
}
