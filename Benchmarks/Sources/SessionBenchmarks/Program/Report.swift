import JSON

/// The figures as people and programs read them.
enum Report {
  static let heading = """
    | benchmark | one operation | operations/s | time each | processor time each | allocations | bytes | instructions |
    | --------- | ------------- | -----------: | --------: | ------------------: | ----------: | ----: | -----------: |
    """

  /// A row of the table.
  static func row(_ measurement: Measurement) -> String {
    let cost = measurement.cost
    let cells = [
      measurement.benchmark.name, measurement.benchmark.summary, whole(1e9 / cost.elapsed), time(cost.elapsed),
      time(cost.processor), short(cost.allocations), whole(cost.bytes), cost.instructions.map(whole) ?? "—",
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }

  /// An object with a member for each benchmark; times in nanoseconds.
  static func json(_ measurements: [Measurement]) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    for measurement in measurements {
      let cost = measurement.cost
      json.name(measurement.benchmark.name)
      json.beginObject()
      json.name("operations_per_second")
      json.double(1e9 / cost.elapsed)
      json.name("nanoseconds")
      json.double(cost.elapsed)
      json.name("processor_nanoseconds")
      json.double(cost.processor)
      json.name("allocations")
      json.double(cost.allocations)
      json.name("bytes")
      json.double(cost.bytes)
      if let instructions = cost.instructions {
        json.name("instructions")
        json.double(instructions)
      }
      json.endObject()
    }
    json.endObject()
    return json.bytes + [0x0A]
  }

  /// 1234567.8 as "1,234,568".
  private static func whole(_ number: Double) -> String {
    let digits = Array(String(Int(number.rounded())))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0, digits[index - 1] != "-" { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// At most one digit behind the point.
  static func short(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? whole(number) : "\(whole(Double(tenths / 10))).\(abs(tenths % 10))"
  }

  private static func time(_ nanoseconds: Double) -> String {
    nanoseconds < 10_000 ? "\(whole(nanoseconds)) ns" : "\(short(nanoseconds / 1000)) µs"
  }
}
