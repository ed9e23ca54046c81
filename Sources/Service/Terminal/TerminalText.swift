/// Text that comes from elsewhere, made fit for a terminal.
public enum TerminalText {
  /// The text in one line, with whatever could move the cursor, change colours or turn the writing direction shown
  /// instead of sent: as `\n`, `\t`, `\e`, or `\u{…}` with the character's number.
  ///
  /// Letters of every script, marks, and emoji with their joiners stay as they are.
  public static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isDangerous) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      if isDangerous(scalar) { escaped += escape(scalar) } else { escaped.unicodeScalars.append(scalar) }
    }
    return escaped
  }

  /// A JSON text with the same characters written as `\u` and four digits, which JSON reads as what was there.
  ///
  /// `json` must be JSON without spaces between, where such characters stand in strings only.
  public static func escapedJSON(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: isDangerous) else { return json }
    var escaped = ""
    for scalar in json.unicodeScalars {
      guard isDangerous(scalar) else {
        escaped.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return escaped
  }

  /// How many columns a text takes, as terminals count: 2 for wide letters and emoji, 0 for marks on others.
  public static func width(of text: String) -> Int {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
      ? text.utf8.count : text.reduce(0) { $0 + CharacterWidth.columns(of: $1) }
  }

  /// A text of at most `columns` columns, with "…" for what was cut off its end.
  public static func cut(_ text: String, to columns: Int) -> String {
    guard width(of: text) > columns else { return text }
    guard columns > 0 else { return "" }
    var kept = ""
    var taken = 0
    for character in text {
      let width = CharacterWidth.columns(of: character)
      guard taken + width <= columns - 1 else { break }
      kept.append(character)
      taken += width
    }
    return kept + "…"
  }

  /// A text with spaces up to `columns`, behind it or before it; a longer one stays as it is.
  static func padded(_ text: String, to columns: Int, isTrailing: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, columns - width(of: text)))
    return isTrailing ? spaces + text : text + spaces
  }

  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20...0x7E).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
    // The two joiners shape letters and emoji; all else of this kind is invisible, or turns the direction.
    case .format: return scalar.value != 0x200C && scalar.value != 0x200D
    default: return false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case "\u{1B}": "\\e"
    default: "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
}
