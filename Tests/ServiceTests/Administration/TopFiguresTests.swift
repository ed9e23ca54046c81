import Terminal
import Testing

@testable import Administration

@Suite struct TopFiguresTests {
  private let before = MetricsReading(
    Array(
      """
      # HELP sesame_http_requests_total Requests.
      sesame_http_requests_total{method="GET",route="/v2/sessions/{id}",status="2xx"} 100
      sesame_http_requests_total{method="GET",route="/v2/session",status="4xx"} 5
      sesame_http_request_duration_seconds_bucket{method="GET",route="/v2/session",le="0.001"} 10
      sesame_http_request_duration_seconds_bucket{method="GET",route="/v2/session",le="+Inf"} 10
      sesame_sessions_closed_total{reason="logout"} 7
      sesame_sessions_live 3
      """.utf8))
  private let after = MetricsReading(
    Array(
      """
      sesame_http_requests_total{method="GET",route="/v2/sessions/{id}",status="2xx"} 300
      sesame_http_requests_total{method="GET",route="/v2/session",status="4xx"} 15
      sesame_http_request_duration_seconds_bucket{method="GET",route="/v2/session",le="0.001"} 100
      sesame_http_request_duration_seconds_bucket{method="GET",route="/v2/session",le="0.01"} 109
      sesame_http_request_duration_seconds_bucket{method="GET",route="/v2/session",le="+Inf"} 110
      sesame_http_request_duration_seconds_sum{method="GET",route="/v2/sessions/{id}"} 0.2
      sesame_http_request_duration_seconds_count{method="GET",route="/v2/sessions/{id}"} 200
      sesame_sessions_closed_total{reason="logout"} 17
      sesame_sessions_closed_total{reason="idle"} 2
      sesame_sessions_live 1234
      broken line
      sesame_broken{ x
      """.utf8))

  private var figures: TopFigures { TopFigures(from: before, to: after, seconds: 2) }

  @Test("rates are what came to a counter, by the second")
  func rates() {
    #expect(figures.rate("sesame_http_requests_total") == 105)
    #expect(figures.gauge("sesame_sessions_live") == 1234)
    #expect(figures.rates("sesame_sessions_closed_total", by: "reason").map(\.value) == ["logout", "idle"])
    #expect(figures.rate("sesame_nothing") == 0)
  }

  @Test("a server that was started anew counts from nothing")
  func restarted() {
    #expect(TopFigures(from: after, to: before, seconds: 1).rate("sesame_http_requests_total") == 105)
  }

  @Test("routes come the busiest first, with their mean time and what was refused")
  func routes() {
    let routes = figures.routes
    #expect(routes.map(\.name) == ["GET /v2/sessions/{id}", "GET /v2/session"])
    #expect(routes.map(\.rate) == [100, 5] && routes.map(\.refusals) == [0, 5])
    #expect(routes[0].mean == 0.001 && routes[1].mean == nil)
  }

  @Test("quantiles are bounds of the histogram, of what came meanwhile alone")
  func quantiles() {
    #expect(figures.quantile(0.5, "sesame_http_request_duration_seconds") == 0.001)
    #expect(figures.quantile(0.99, "sesame_http_request_duration_seconds") == 0.01)
    #expect(figures.quantile(0.5, "sesame_nothing") == nil)
  }

  @Test("the page fits every screen", arguments: [(20, 5), (40, 12), (80, 24), (200, 60)])
  func page(columns: Int, rows: Int) {
    let page = TopPage(
      server: "/srv/sesame.sock", time: "2026-01-31T08:00:00Z", isReady: true, figures: figures, events: [],
      style: TextStyle(isOn: false))
    let lines = page.lines(columns: columns, rows: rows)
    #expect(lines.count <= rows)
    if columns >= 60 { #expect(lines.allSatisfy { TerminalText.width(of: $0) <= columns }, "\(lines)") }
  }

  @Test("figures are written as people read them")
  func numbers() {
    #expect(NumberText.whole(1_234_567) == "1,234,567" && NumberText.whole(999) == "999" && NumberText.whole(0) == "0")
    #expect(NumberText.whole(.nan) == "?" && NumberText.whole(1e300) == "?")
    #expect(NumberText.rate(0.04) == "0.0" && NumberText.rate(12.34) == "12.3" && NumberText.rate(1234.5) == "1,235")
    #expect(NumberText.time(0.000_01) == "10.0 µs" && NumberText.time(0.25) == "250 ms" && NumberText.time(nil) == "-")
    #expect(
      NumberText.time(.infinity) == "long" && NumberText.bytes(1536) == "1.5 KiB" && NumberText.bytes(10) == "10 B")
  }
}
