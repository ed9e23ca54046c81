import HTTPMessages
import HTTPRouting
import JSON
import Metrics
import SessionCore
import Synchronization

/// Whether the process lives, whether it can serve, and what it counts.
struct HealthRoutes: Sendable {
  let store: any SessionStore
  let coherence: Coherence?
  let metrics: Metrics
  let drain: Drain

  /// Whether the server has been told to stop.
  final class Drain: Sendable {
    private let isDraining = Atomic(false)
    var hasBegun: Bool { isDraining.load(ordering: .relaxed) }
    /// Begins; `false` if it had begun already.
    func begin() -> Bool { !isDraining.exchange(true, ordering: .relaxed) }
  }

  var group: RouteGroup {
    RouteGroup(
      "Health", prefixes: [""],
      routes: [
        Route(
          .get, "/healthz", "getHealth", "Whether the process lives", access: .open,
          answers: [Route.Answer(.ok, "It lives.", Self.schema)]
        ) { _ in Self.answer(.ok, "alive") },
        Route(
          .get, "/readyz", "getReadiness", "Whether it can serve", access: .open,
          answers: [
            Route.Answer(.ok, "It can.", Self.readinessSchema),
            Route.Answer(.serviceUnavailable, "It can't: its store can't, or it is stopping.", Self.readinessSchema),
          ]
        ) { _ in await readiness() },
        Route(
          .get, "/metrics", "getMetrics", "What is counted, for Prometheus", access: .open,
          answers: [Route.Answer(.ok, "The text exposition format.", .string(), mediaType: "text/plain")]
        ) { _ in
          HTTPResponse(
            status: .ok, fields: [HTTPField("Content-Type", "\(Metrics.contentType)")], body: metrics.render())
        },
      ].map { route in
        var route = route
        route.tags = ["health"]
        return route
      })
  }

  private static let schema = Schema.object([.required("status", .string())])
  private static let readinessSchema = Schema.object([
    .required("status", .string()),
    .optional("cache", .string()),
  ])

  /// Whether this node trusts its cache; `nil` if it has no reason not to.
  private var cache: String? {
    coherence.map { $0.heldCount == $0.laneCount ? "trusted" : "bypassed" }
  }

  private func readiness() async -> HTTPResponse {
    if drain.hasBegun { return Self.answer(.serviceUnavailable, "stopping") }
    do throws(StoreError) {
      try await store.check()
      return Self.answer(.ok, "ready", cache: cache)
    } catch {
      return Self.answer(.serviceUnavailable, "the store is \(error.code.rawValue)", cache: cache)
    }
  }

  private static func answer(_ status: HTTPStatus, _ text: String, cache: String? = nil) -> HTTPResponse {
    var writer = JSONWriter(capacity: 64)
    writer.beginObject()
    writer.name("status")
    writer.string(text)
    if let cache {
      writer.name("cache")
      writer.string(cache)
    }
    writer.endObject()
    var fields = [HTTPField("Content-Type", "application/json")]
    if status == .serviceUnavailable { fields.append(HTTPField("Retry-After", "1")) }
    return HTTPResponse(status: status, fields: fields, body: writer.bytes)
  }
}
