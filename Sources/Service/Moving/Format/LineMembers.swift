import JSON
import SessionCore

/// The members of one object of a line, each of which must be known and fit.
///
/// The first fault is kept and told at the end, so that reading is a list of members and nothing else.
struct LineMembers {
  private let value: JSONValue
  private let what: String
  private var names: [String] = []
  private(set) var fault: ExportLine.Refusal?

  /// The members of `value`, which `what` names in a refusal.
  init(_ value: JSONValue, of what: String) {
    self.value = value
    self.what = what
    if value.kind != .object { refuse("\(what) must be an object") }
  }

  /// Keeps a fault, if it is the first.
  mutating func refuse(_ fault: String) {
    if self.fault == nil { self.fault = ExportLine.Refusal(fault) }
  }

  /// Throws the first fault, or that there is a member that was never asked for.
  mutating func finish() throws(ExportLine.Refusal) {
    if let fault { throw fault }
    for (name, _) in value.members where !names.contains(name) {
      throw ExportLine.Refusal("\(what) has no member \"\(name)\"; it has \(names.joined(separator: ", "))")
    }
  }

  private mutating func member(_ name: String) -> JSONValue? {
    names.append(name)
    return value.member(name)
  }

  /// What `read` makes of a member, which may be missing.
  mutating func optional<Value>(_ name: String, _ right: String, _ read: (JSONValue) -> Value?) -> Value? {
    guard let member = member(name) else { return nil }
    if let value = read(member) { return value }
    refuse("\(what).\(name) must be \(right)")
    return nil
  }

  /// What `read` makes of a member, which must be there; `placeholder` if it is not, which then is a fault.
  mutating func required<Value>(
    _ name: String, _ right: String, or placeholder: Value, _ read: (JSONValue) -> Value?
  ) -> Value {
    guard let member = member(name) else {
      refuse("\(what).\(name) is missing; it must be \(right)")
      return placeholder
    }
    if let value = read(member) { return value }
    refuse("\(what).\(name) must be \(right)")
    return placeholder
  }
}

extension LineMembers {
  /// The most bytes of a text that is a member by itself.
  static let longestText = 4096

  /// A text of at most so many bytes.
  mutating func text(_ name: String, atMost limit: Int = Self.longestText) -> ExactText? {
    optional(name, "a text of at most \(limit) bytes") { value in
      value.string.flatMap { $0.utf8.count <= limit ? ExactText($0) : nil }
    }
  }

  /// A text of 1 byte or more.
  mutating func requiredText(_ name: String, atMost limit: Int) -> ExactText {
    required(name, "a text of 1 to \(limit) bytes", or: "") { value in
      value.string.flatMap { (1...limit).contains($0.utf8.count) ? ExactText($0) : nil }
    }
  }

  /// A time.
  mutating func time(_ name: String) -> Timestamp? { optional(name, Self.timeForm, Self.readTime) }

  /// A time that must be there.
  mutating func requiredTime(_ name: String) -> Timestamp {
    required(name, Self.timeForm, or: .earliest, Self.readTime)
  }

  private static let timeForm = "a time such as \"2026-01-02T03:04:05.678Z\""

  private static func readTime(_ value: JSONValue) -> Timestamp? {
    value.utf8String.flatMap { Timestamp(rfc3339: $0) }
  }

  /// A whole number within a range.
  mutating func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64 {
    required(name, "a whole number from \(range.lowerBound) to \(range.upperBound)", or: range.lowerBound) { value in
      value.integer.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A truth value.
  mutating func boolean(_ name: String) -> Bool { required(name, "true or false", or: false, \.boolean) }

  /// JSON of any kind, as it stands.
  mutating func json(_ name: String) -> JSONText? { optional(name, "JSON") { $0.text } }
}
