internal import JSON

extension BenchmarkReport {
  /// The report with every round's figures, as one JSON object and a line end.
  public var json: [UInt8] {
    var writer = JSONWriter(capacity: 16_384)
    writer.beginObject()
    writer.name("machine")
    write(machine, to: &writer)
    writer.member("rounds", Int64(options.rounds))
    writer.member("seconds", Int64(options.seconds))
    writer.name("sets")
    writer.beginArray()
    for set in sets {
      writer.beginObject()
      writer.member("sessions", Int64(set.rule.count))
      writer.member("folder", set.folder)
      Self.member("seconds", set.seconds, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.name("results")
    writer.beginArray()
    for result in results { Self.write(result, to: &writer) }
    writer.endArray()
    writer.endObject()
    return writer.bytes + [0x0A]
  }

  private func write(_ machine: Machine, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("processor", machine.processor)
    writer.member("cores", Int64(machine.cores))
    writer.member("memory_mib", Int64(machine.mebibytes))
    writer.member("system", machine.system)
    writer.member("disk", machine.disk)
    writer.member("time", machine.time)
    writer.endObject()
  }

  private static func write(_ result: BenchmarkResult, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("id", result.measurement.rawValue)
    writer.member("what", result.what)
    writer.member("sessions", Int64(result.sessions))
    writer.member("connections", Int64(result.connections))
    writer.member("errors", Int64(result.errors))
    if let failure = result.failure { writer.member("failure", failure) }
    writer.name("goals")
    writer.beginArray()
    for goal in result.goals {
      writer.beginObject()
      writer.member("name", goal.name)
      member("value", goal.value, to: &writer)
      writer.member("unit", goal.unit.rawValue)
      switch goal.bound {
      case .atLeast(let limit)?: member("at_least", limit, to: &writer)
      case .atMost(let limit)?: member("at_most", limit, to: &writer)
      case nil: break
      }
      if let isMet = goal.isMet { writer.member("met", isMet) }
      writer.endObject()
    }
    writer.endArray()
    writer.name("load")
    writer.beginArray()
    for round in result.load?.rounds ?? [] {
      writer.beginObject()
      writer.name("server")
      write(round.server, to: &writer)
      writer.name("control")
      write(round.control, to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  private static func write(_ figures: LoadFigures, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("requests", Int64(figures.requests))
    member("seconds", figures.seconds, to: &writer)
    member("rate", figures.rate, to: &writer)
    member("cpu_us", figures.processorMicroseconds, to: &writer)
    member("p50_ms", figures.median, to: &writer)
    member("p99_ms", figures.p99, to: &writer)
    member("max_ms", figures.worst, to: &writer)
    writer.member("refused", Int64(figures.refused))
    writer.member("broken", Int64(figures.broken))
    writer.endObject()
  }

  private static func member(_ name: StaticString, _ value: Double, to writer: inout JSONWriter) {
    writer.name(name)
    // JSON has no other numbers.
    if value.isFinite { writer.double(value) } else { writer.null() }
  }
}
