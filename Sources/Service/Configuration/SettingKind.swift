import SessionCore

/// How one type of setting is read and written.
struct SettingKind<Value: Sendable>: Sendable {
  /// What would be right, to stand behind "must be".
  let expectation: String
  /// The default's text as TOML.
  let literal: @Sendable (String) -> String
  /// The value, or `nil` if it is not right.
  let read: @Sendable (SettingText) -> Value?
}

/// What a TOML basic string needs escaped among the texts that defaults are.
private func quoted(_ text: String) -> String { "\"\(text)\"" }

extension SettingKind where Value == String {
  /// Any text without control characters.
  static func text(_ expectation: String = "a text", mayBeEmpty: Bool = false) -> SettingKind {
    SettingKind(expectation: expectation, literal: quoted) { given in
      guard let text = given.text, mayBeEmpty || !text.isEmpty else { return nil }
      return text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? text : nil
    }
  }
}

extension SettingKind {
  /// One of several words, each of which stands for a value.
  static func choice(_ choices: [(word: String, value: Value)]) -> SettingKind {
    let words = choices.map { quoted($0.word) }.joined(separator: ", ")
    return SettingKind(expectation: "one of \(words)", literal: quoted) { given in
      guard let text = given.text else { return nil }
      return choices.first { $0.word.utf8.elementsEqual(text.utf8) }?.value
    }
  }

  /// One of an enumeration's raw values.
  static func choice() -> SettingKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    choice(Value.allCases.map { ($0.rawValue, $0) })
  }

  /// A list of texts that `element` reads; outside files they stand between commas.
  static func list<Element: Sendable>(
    _ expectation: String, _ element: @escaping @Sendable (String) -> Element?
  ) -> SettingKind where Value == [Element] {
    SettingKind(
      expectation: expectation,
      literal: { text in
        text.isEmpty ? "[]" : "[\(text.split(separator: ",").map { quoted(String($0)) }.joined(separator: ", "))]"
      },
      read: { given in
        let texts: [String]
        switch given {
        case .list(let list): texts = list
        case .plain(let text):
          texts = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        default: return nil
        }
        let values = texts.compactMap(element)
        return values.count == texts.count ? values : nil
      })
  }
}

extension SettingKind where Value == Bool {
  /// True or false.
  static var boolean: SettingKind {
    SettingKind(expectation: "true or false", literal: { $0 }) { given in
      switch given {
      case .boolean(let value): value
      case .plain("true"), .plain("1"): true
      case .plain("false"), .plain("0"): false
      default: nil
      }
    }
  }
}

extension SettingKind where Value == Int {
  /// A number.
  static func integer(_ bounds: ClosedRange<Int>) -> SettingKind {
    let expectation = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
    return SettingKind(expectation: expectation, literal: { $0 }) { given in
      let number: Int64? =
        switch given {
        case .integer(let value): value
        case .plain(let text): Digits.integer(text.utf8)
        default: nil
        }
      return number.flatMap { Int(exactly: $0) }.flatMap { bounds.contains($0) ? $0 : nil }
    }
  }

  /// A number of bytes.
  static func size(_ bounds: ClosedRange<Int>) -> SettingKind {
    let units: [(String, Int64)] = [("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]
    let expectation =
      "a number of bytes such as \"64KiB\", \"256MiB\" or \"1GiB\", from \(bounds.lowerBound) to \(bounds.upperBound)"
    return SettingKind(expectation: expectation, literal: quoted) { given in
      let number: Int64? =
        if case .integer(let value) = given { value } else { given.text.flatMap { Digits.scaled($0, units: units) } }
      return number.flatMap { Int(exactly: $0) }.flatMap { bounds.contains($0) ? $0 : nil }
    }
  }
}

extension SettingKind where Value == TimeSpan {
  /// A length of time.
  static func duration(_ shortest: String, _ longest: String) -> SettingKind {
    let units: [(String, Int64)] = [
      ("", 1000), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    @Sendable func milliseconds(_ text: String) -> Int64? { Digits.scaled(text, units: units) }
    let expectation = "a duration such as \"30s\", \"15m\", \"24h\" or \"30d\", from \(shortest) to \(longest)"
    return SettingKind(expectation: expectation, literal: quoted) { given in
      let number: Int64? =
        if case .integer(let seconds) = given { milliseconds(String(seconds)) } else {
          given.text.flatMap(milliseconds)
        }
      guard let number, let least = milliseconds(shortest), let most = milliseconds(longest),
        number >= least, number <= most
      else { return nil }
      return TimeSpan(milliseconds: number)
    }
  }
}

extension SettingKind where Value == TimeSpan? {
  /// A length of time as people write it, or nothing; see `TimeSpan.init(text:)`.
  static func span(_ bounds: ClosedRange<TimeSpan>, _ names: String) -> SettingKind {
    let expectation = "seconds, a span such as \"1d\", \"2 days\" or \"10h\", \(names), or empty"
    return SettingKind(expectation: expectation, literal: quoted) { given in
      if given.text?.isEmpty == true { return .some(nil) }
      let span: TimeSpan? =
        if case .integer(let seconds) = given { seconds < 0 ? nil : TimeSpan.seconds(seconds) } else {
          given.text.flatMap { TimeSpan(text: $0) }
        }
      guard let span, bounds.contains(span) else { return nil }
      return .some(span)
    }
  }
}
