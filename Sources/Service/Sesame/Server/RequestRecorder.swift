import HTTPMessages
import HTTPRouting
import Log
import Metrics

/// Counts and times every answer, and logs it where that is wanted.
final class RequestRecorder: RouterObserver {
  private struct Measures: Sendable {
    let byClass: [Counter]
    let duration: Histogram
  }

  private let log: Log
  private let logsRequests: Bool
  private let measures: [Measures]
  private let verifying: [Int]

  /// A recorder for the routes of `labels`, in their order; those that `verifies` picks are counted together as well.
  init(
    _ labels: [RouteLabel], verifies: (RouteLabel) -> Bool, log: Log, logsRequests: Bool, metrics: Metrics
  ) {
    verifying = labels.indices.filter { verifies(labels[$0]) }
    self.log = log
    self.logsRequests = logsRequests
    measures = labels.map { label in
      let byClass = ["1xx", "2xx", "3xx", "4xx", "5xx"].map { statusClass in
        metrics.counter(
          "sesame_http_requests_total", help: "Requests answered, by route and class of status.",
          labels: ["method": label.method.rawValue, "route": label.template, "status": statusClass])
      }
      let duration = metrics.histogram(
        "sesame_http_request_duration_seconds", help: "Time from a request's being read to its answer.",
        labels: ["method": label.method.rawValue, "route": label.template])
      return Measures(byClass: byClass, duration: duration)
    }
  }

  /// How long verifications took since the start, by the bounds of ``Metrics/Histogram/latencyBounds``.
  var verificationCounts: [UInt64] {
    var sums = [UInt64](repeating: 0, count: Histogram.latencyBounds.count + 1)
    for index in verifying {
      for (bucket, count) in measures[index].duration.counts.enumerated() { sums[bucket] &+= count }
    }
    return sums
  }

  func answeredAtOnce(
    _ route: RouteLabel, status: Int, nanoseconds: UInt64, request: borrowing HTTPRequestView,
    requestID: borrowing RequestID
  ) {
    count(route, status: status, nanoseconds: nanoseconds)
    guard logsRequests else { return }
    write(
      route, method: request.method, status: status, nanoseconds: nanoseconds, requestID: requestID.text(of: request),
      peer: request.peer)
  }

  func answered(_ observation: RouterObservation) {
    count(observation.route, status: observation.status.code, nanoseconds: observation.nanoseconds)
    guard logsRequests || observation.status.code >= 500 else { return }
    write(
      observation.route, method: observation.method, status: observation.status.code,
      nanoseconds: observation.nanoseconds, requestID: observation.requestID, peer: observation.peer,
      cause: observation.cause)
  }

  private func count(_ route: RouteLabel, status: Int, nanoseconds: UInt64) {
    measures[route.index].byClass[min(max(status / 100, 1), 5) - 1].increment()
    measures[route.index].duration.observe(nanoseconds)
  }

  private func write(
    _ route: RouteLabel, method: HTTPMethod, status: Int, nanoseconds: UInt64, requestID: String, peer: HTTPPeer,
    cause: String? = nil
  ) {
    log(
      status >= 500 ? .error : .info, "request",
      [
        "method": .string(method.rawValue), "route": .string(route.template), "status": .integer(status),
        "microseconds": .integer(nanoseconds / 1000), "address": .string(peer.address),
        "request_id": .string(requestID), "cause": .optional(cause),
      ])
  }
}
