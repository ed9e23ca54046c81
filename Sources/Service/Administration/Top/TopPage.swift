import JSON
import Terminal

/// What `sesame top` shows at one moment, as lines for a screen.
struct TopPage: Sendable {
  let server: String
  let time: String
  let isReady: Bool
  let figures: TopFigures
  /// The last events, oldest first.
  let events: [JSONValue]
  let style: TextStyle

  /// The lines for a screen of that size; none is longer.
  func lines(columns: Int, rows: Int) -> [String] {
    var lines = summary(columns)
    let table = routes(columns)
    // Events get what the routes leave, and half of the room at least.
    let room = max(0, rows - lines.count - 4)
    let eventRows = min(events.count, max(room / 2, room - table.count))
    lines += [""] + table.prefix(max(1, room - eventRows))
    if eventRows > 0 {
      lines += ["", style.bold("LAST EVENTS")]
      lines += events.suffix(eventRows).map { EventText.line($0, width: columns, style: style) }
    }
    return Array(lines.prefix(rows))
  }

  private func summary(_ columns: Int) -> [String] {
    let ready = isReady ? style.green("ready") : style.red("NOT READY")
    let head = TerminalText.cut("sesame top   \(server)   \(time)   q quits", to: max(0, columns - 12))
    let reasons = figures.rates("sesame_sessions_closed_total", by: "reason").map {
      "\($0.value) \(NumberText.rate($0.rate))"
    }
    let hits = figures.rate("sesame_cache_hits_total")
    let misses = figures.rate("sesame_cache_misses_total")
    let share = hits + misses > 0 ? "\(NumberText.rate(100 * hits / (hits + misses))) %" : "-"
    let duration = "sesame_http_request_duration_seconds"
    let failures = figures.rate("sesame_http_requests_total", ["status": "5xx"])
    let rows = [
      (
        "Sessions",
        [
          "\(NumberText.whole(figures.gauge("sesame_sessions_live"))) live",
          "\(rate("sesame_sessions_opened_total")) opened/s", "\(rate("sesame_sessions_renewed_total")) renewed/s",
          "\(rate("sesame_sessions_closed_total")) closed/s"
            + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"),
        ]
      ),
      (
        "Requests",
        [
          "\(rate("sesame_http_requests_total"))/s", "p50 \(NumberText.time(figures.quantile(0.5, duration)))",
          "p99 \(NumberText.time(figures.quantile(0.99, duration)))",
          failures > 0 ? "\(NumberText.rate(failures)) failed/s" : "none failed",
          "\(rate("sesame_http_refused_total")) refused/s",
          "\(NumberText.whole(figures.gauge("sesame_http_connections"))) connections",
        ]
      ),
      (
        "Cache",
        [
          "\(share) hits", "\(NumberText.whole(figures.gauge("sesame_cache_sessions"))) sessions",
          NumberText.bytes(figures.gauge("sesame_cache_bytes")), "\(rate("sesame_cache_evictions_total")) evicted/s",
        ]
      ),
      (
        "Store",
        [
          "\(rate("sesame_store_commit_seconds_count")) commits/s",
          "mean \(NumberText.time(figures.mean("sesame_store_commit_seconds")))",
          "\(figures.mean("sesame_store_commit_jobs").map(NumberText.rate) ?? "-") writes each",
        ]
      ),
    ]
    return ["\(style.bold(head))   \(ready)", ""]
      + (rows + nodes).map { name, parts in
        let title = name + String(repeating: " ", count: max(0, 10 - name.count))
        return style.bold(title) + TerminalText.cut(parts.joined(separator: "   "), to: max(0, columns - 10))
      }
  }

  /// The nodes that share the store; nothing of a node that shares it with nobody.
  private var nodes: [(String, [String])] {
    let lanes = figures.gauge("sesame_nodes_lanes")
    guard lanes > 0 else { return [] }
    let lost = figures.gauge("sesame_nodes_seen", ["state": "lost"])
    let isTrusting = figures.gauge("sesame_nodes_lanes_held") >= lanes
    return [
      (
        "Nodes",
        [
          "\(NumberText.whole(figures.gauge("sesame_nodes_seen", ["state": "live"]))) live",
          lost > 0 ? style.red("\(NumberText.whole(lost)) lost") : "none lost",
          "lag \(NumberText.time(figures.mean("sesame_nodes_lag_seconds")))",
          isTrusting ? "cache trusted" : style.red("cache not trusted"),
        ]
      )
    ]
  }

  private func rate(_ name: String) -> String { NumberText.rate(figures.rate(name)) }

  private func routes(_ columns: Int) -> [String] {
    var table = TextTable([
      .init("ROUTE", narrowest: 20), .init("REQ/S", isTrailing: true), .init("MEAN", isTrailing: true),
      .init("REFUSED/S", isTrailing: true, dispensability: 2), .init("FAILED/S", isTrailing: true, dispensability: 1),
    ])
    for route in figures.routes {
      table.append([
        route.name, NumberText.rate(route.rate), NumberText.time(route.mean), NumberText.rate(route.refusals),
        NumberText.rate(route.failures),
      ])
    }
    return table.lines(width: columns, style: style)
  }

  /// The same for programs: one object.
  var json: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("time", time)
    json.member("ready", isReady)
    let values: [(name: StaticString, value: Double)] = [
      ("live", figures.gauge("sesame_sessions_live")),
      ("opened_per_second", figures.rate("sesame_sessions_opened_total")),
      ("renewed_per_second", figures.rate("sesame_sessions_renewed_total")),
      ("closed_per_second", figures.rate("sesame_sessions_closed_total")),
      ("requests_per_second", figures.rate("sesame_http_requests_total")),
      ("failed_per_second", figures.rate("sesame_http_requests_total", ["status": "5xx"])),
      ("refused_per_second", figures.rate("sesame_http_refused_total")),
      ("connections", figures.gauge("sesame_http_connections")),
      ("nodes_live", figures.gauge("sesame_nodes_seen", ["state": "live"])),
      ("nodes_lost", figures.gauge("sesame_nodes_seen", ["state": "lost"])),
      ("cache_hits_per_second", figures.rate("sesame_cache_hits_total")),
      ("cache_misses_per_second", figures.rate("sesame_cache_misses_total")),
    ]
    for (name, value) in values {
      json.name(name)
      json.double(value)
    }
    json.name("routes")
    json.beginArray()
    for route in figures.routes {
      json.beginObject()
      json.member("route", route.name)
      json.name("requests_per_second")
      json.double(route.rate)
      if let mean = route.mean {
        json.name("mean_seconds")
        json.double(mean)
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes
  }
}
