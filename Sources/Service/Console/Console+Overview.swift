import Accounts
import Configuration
import DialectKit
import HTTPMessages
import HTTPRouting
import JSON
import SessionCore

extension Console {
  /// What the node has seen, how it stands, and how it is set.
  var overviewRoutes: [Route] {
    [
      Route(
        .get, "/overview", "consoleOverview", "How the node stands now.", access: .service(.admin)
      ) { _ in overview() },
      Route(
        .get, "/history", "consoleHistory", "What the node has seen lately.", access: .service(.admin),
        query: [
          QueryParameter("span", .oneOf(History.Span.allCases.map(\.rawValue), "An hour or a day; an hour.")),
          QueryParameter("after", .integer("The number of the newest that is known.", in: 0...Int64.max)),
        ]
      ) { request in
        history(request.query["span"].flatMap(History.Span.init) ?? .hour, after: request.query.integer("after"))
      },
      Route(
        .get, "/settings", "consoleSettings", "The settings in force.", access: .service(.admin)
      ) { _ in effectiveSettings() },
    ]
  }

  private func overview() -> HTTPResponse {
    let latest = history.latest
    return .json { json in
      json.beginObject()
      json.member("now", sessions.clock.now())
      if let latest {
        json.member("live", Int64(latest.live))
        json.member("sampled", latest.time)
        json.name("store_microseconds")
        json.whole(latest.storeTime)
      }
      json.name("node")
      node.write(into: &json)
      json.name("nodes")
      json.beginArray()
      for node in neighbourhood?.nodes ?? Neighbourhood.alone(node.sign, at: sessions.clock.now()) {
        node.write(into: &json)
      }
      json.endArray()
      json.name("cache")
      json.beginObject()
      let cache = sessions.cacheStatistics
      json.member("sessions", Int64(cache.sessions))
      json.member("bytes", Int64(cache.bytes))
      json.member("hits", Int64(cache.hits))
      json.member("misses", Int64(cache.misses))
      json.endObject()
      json.endObject()
    }
  }

  /// The intervals as arrays, for a day has 1,440 of them.
  private func history(_ span: History.Span, after number: Int64?) -> HTTPResponse {
    let (newest, intervals) = history.intervals(span, after: number ?? 0)
    return .json { json in
      json.beginObject()
      json.member("newest", newest)
      json.name("reasons")
      json.beginArray()
      for reason in CloseReason.allCases { json.string(reason.rawValue) }
      json.endArray()
      json.name("intervals")
      json.beginArray()
      for interval in intervals { json.write(interval) }
      json.endArray()
      json.endObject()
    }
  }

  private func effectiveSettings() -> HTTPResponse {
    .json { json in
      json.beginObject()
      json.name("settings")
      json.beginArray()
      for setting in settings {
        json.beginObject()
        json.member("key", setting.key)
        json.member("summary", setting.summary)
        json.member("value", setting.value)
        json.member("default", setting.defaultValue)
        json.member("deviates", setting.deviates)
        json.member("secret", setting.isSecret)
        if let source = setting.source { json.member("source", source) }
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
  }
}

extension JSONWriter {
  /// Writes a number, or null for none.
  fileprivate mutating func whole(_ number: UInt64?) {
    if let number { integer(Int64(clamping: number)) } else { null() }
  }

  /// Writes an interval: end and length in milliseconds, live, opened, log-ins, refusals, verifications, median and
  /// 99th percentile and the store's time in microseconds, and closed by reason.
  fileprivate mutating func write(_ interval: Interval) {
    beginArray()
    integer(interval.time.milliseconds)
    integer(interval.length.milliseconds)
    integer(Int64(interval.live))
    for count in [interval.opened, interval.logins, interval.refusals, interval.verifications] { whole(count) }
    whole(interval.median)
    whole(interval.ninetyNinth)
    whole(interval.storeTime)
    beginArray()
    for count in interval.closed { whole(count) }
    endArray()
    endArray()
  }
}
