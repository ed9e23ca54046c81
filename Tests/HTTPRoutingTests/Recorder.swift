import HTTPMessages
import HTTPRouting
import Synchronization

/// Remembers what it was told.
final class Recorder: RouterObserver {
  let lines = Mutex<[String]>([])
  let causes = Mutex<[String?]>([])

  func answeredAtOnce(
    _ route: RouteLabel, status: Int, nanoseconds: UInt64, request: borrowing HTTPRequestView,
    requestID: borrowing RequestID
  ) {
    let id = requestID.text(of: request)
    lines.withLock { $0.append("at once \(route.template) \(status) \(nanoseconds) \(id)") }
  }

  func answered(_ observation: RouterObservation) {
    causes.withLock { $0.append(observation.cause) }
    lines.withLock {
      $0.append(
        "\(observation.route.template) \(observation.method.rawValue) \(observation.status.code) "
          + "\(observation.nanoseconds) \(observation.requestID) \(observation.peer.address)")
    }
  }
}
