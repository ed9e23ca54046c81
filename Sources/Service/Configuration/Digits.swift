/// Numbers read strictly: digits and nothing else, no sign, no overflow.
enum Digits {
  static func integer(_ text: some Collection<UInt8>) -> Int64? {
    guard !text.isEmpty else { return nil }
    var value: Int64 = 0
    for byte in text {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (shifted, isTooBig) = value.multipliedReportingOverflow(by: 10)
      let (sum, isStillTooBig) = shifted.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      guard !isTooBig, !isStillTooBig else { return nil }
      value = sum
    }
    return value
  }

  /// A number with the unit behind it, as in "30s"; without a unit it counts in the unit named "".
  static func scaled(_ text: String, units: [(name: String, factor: Int64)]) -> Int64? {
    let bytes = Array(text.utf8)
    let end = bytes.firstIndex { $0 < UInt8(ascii: "0") || $0 > UInt8(ascii: "9") } ?? bytes.count
    let name = bytes[end...]
    guard let unit = units.first(where: { name.elementsEqual($0.name.utf8) }), let count = integer(bytes[..<end]) else {
      return nil
    }
    let (product, isTooBig) = count.multipliedReportingOverflow(by: unit.factor)
    return isTooBig ? nil : product
  }
}
