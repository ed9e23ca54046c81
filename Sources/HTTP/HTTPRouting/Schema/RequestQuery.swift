/// The parameters of a request's query, decoded, each at most once.
public struct RequestQuery: Sendable {
  private var values: [(name: [UInt8], value: String)] = []

  /// A query without parameters.
  init() {}

  /// Reads and checks a query.
  ///
  /// A parameter that is not declared is an error unless `ignoresUnknown`; so are one given twice, a broken escape, and
  /// a value that its schema does not allow. "+" is a space, as HTML forms write it.
  init(
    parsing bytes: [UInt8]?, declared: [QueryParameter], ignoresUnknown: Bool, errors: inout [MemberError]
  ) {
    for pair in bytes?.split(separator: 0x26) ?? [] {
      guard errors.count < Schema.errorLimit else { return }
      let mark = pair.firstIndex(of: 0x3D) ?? pair.endIndex
      let parameter = Self.decoded(pair[..<mark]).flatMap { name in
        declared.first { $0.name.utf8.elementsEqual(name.utf8) }
      }
      guard let parameter else {
        if !ignoresUnknown {
          errors.append(MemberError(String(decoding: pair[..<mark].prefix(100), as: UTF8.self), "is not known"))
        }
        continue
      }
      let name = Array(parameter.name.utf8)
      guard !values.contains(where: { $0.name == name }) else {
        errors.append(MemberError(parameter.name, "is given more than once"))
        continue
      }
      guard let value = Self.decoded(pair[min(mark + 1, pair.endIndex)...]) else {
        errors.append(MemberError(parameter.name, "is not percent-encoded UTF-8"))
        continue
      }
      if let reason = parameter.schema.reason(against: value) {
        errors.append(MemberError(parameter.name, reason))
      }
      values.append((name, value))
    }
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
    PercentEncoding.decode(bytes.map { $0 == 0x2B ? 0x20 : $0 })
  }

  /// The text of a parameter; `nil` if it was not given.
  public subscript(_ name: StaticString) -> String? {
    values.first {
      unsafe $0.name.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }?
    .value
  }

  /// Whether a parameter is "true".
  public func isTrue(_ name: StaticString) -> Bool { self[name] == "true" }

  /// A parameter that was declared as an integer.
  public func integer(_ name: StaticString) -> Int64? { self[name].flatMap(Schema.integer) }
}
