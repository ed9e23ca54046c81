extension BenchmarkReport {
  /// The report as Markdown: the targets, and the loads beside the control.
  public var text: String {
    var lines: [String] = []
    for set in sets {
      lines.append(
        "\(Self.number(set.rule.count)) sessions in \(set.folder), made in \(Decimal.text(set.seconds, places: 1)) s")
    }
    guard !results.isEmpty else { return lines.joined(separator: "\n") }
    lines += Self.table(
      ["id", "what", "sessions", "figure", "target", "met"],
      results.flatMap { result in Self.goalRows(result) })
    let loads = results.compactMap { result in result.load.map { Self.loadRow(result, $0) } }
    if !loads.isEmpty {
      lines.append("")
      lines += Self.table(
        [
          "id", "what", "connections", "requests/s", "control", "of it", "CPU each (control)", "p50 (control)",
          "p99 (control)", "errors",
        ], loads)
    }
    lines.append("")
    lines.append(conditions)
    return lines.joined(separator: "\n")
  }

  private var conditions: String {
    let memory = Decimal.text(Double(machine.mebibytes) / 1024, places: 0)
    return """
      Medians of \(options.rounds) rounds of \(options.seconds) s, each beside the control. \(machine.processor), \
      \(machine.cores) cores, \(memory) GiB; \(machine.system); data on \(machine.disk).
      """
  }

  private static func goalRows(_ result: BenchmarkResult) -> [[String]] {
    let what =
      result.connections == LoadGenerator.usualConnections || result.load == nil
      ? result.what : "\(result.what), \(number(result.connections)) connections"
    let sessions = result.sessions == 0 ? "" : number(result.sessions)
    var rows = result.goals.map { goal in
      [
        result.measurement.rawValue, what, sessions, goal.text, goal.boundText,
        goal.isMet.map { $0 ? "yes" : "no" } ?? "",
      ]
    }
    if let failure = result.failure {
      rows.append([result.measurement.rawValue, what, sessions, oneLine(failure), "", "failed"])
    } else if result.errors > 0 {
      rows.append([result.measurement.rawValue, what, sessions, "\(number(result.errors)) errors", "0", "no"])
    }
    return rows
  }

  private static func loadRow(_ result: BenchmarkResult, _ load: LoadComparison) -> [String] {
    func both(_ places: Int, _ unit: String, _ value: (LoadFigures) -> Double) -> String {
      let (server, control) = (load.server(value), load.control(value))
      // Of a server elsewhere the CPU time is not known, and nothing else is 0.
      guard server > 0 else { return "— (\(Decimal.text(control, places: places)))" }
      return "\(Decimal.text(server, places: places)) \(unit) (\(Decimal.text(control, places: places)))"
    }
    return [
      result.measurement.rawValue, result.what, number(result.connections),
      Decimal.text(load.server(\.rate), places: 0), Decimal.text(load.control(\.rate), places: 0),
      Decimal.text(load.ratio, places: 2), both(1, "µs", \.processorMicroseconds), both(2, "ms", \.median),
      both(2, "ms", \.p99), number(result.errors),
    ]
  }

  /// The lines of a table whose columns are as wide as their widest cell.
  static func table(_ head: [String], _ rows: [[String]]) -> [String] {
    let widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = "| " + widths.map { String(repeating: "-", count: $0) }.joined(separator: " | ") + " |"
    return [line(head), rule] + rows.map(line)
  }

  /// A text that does not break a row.
  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "|" ? " " : $0 })
  }

  private static func number(_ value: Int) -> String { Decimal.text(Double(value), places: 0) }
}
