/// How many columns of a terminal a character takes.
enum CharacterWidth {
  static func columns(of character: Character) -> Int {
    var columns = 0
    for scalar in character.unicodeScalars {
      // A variation selector asks for the coloured form of what stands before it.
      if scalar.value == 0xFE0F, columns > 0 { return 2 }
      if columns == 0 { columns = width(of: scalar) }
    }
    return columns
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if scalar.value < 0x1100 { return 1 }
    return scalar.properties.isEmojiPresentation || isWide(scalar.value) ? 2 : 1
  }

  /// The blocks whose letters are wide or full-width (Unicode Standard Annex 11), bounds included.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
    0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]

  private static func isWide(_ value: UInt32) -> Bool {
    var range = wide[...]
    while let middle = range.isEmpty ? nil : range.startIndex + range.count / 2 {
      if wide[middle].contains(value) { return true }
      range = value < wide[middle].lowerBound ? range[..<middle] : range[(middle + 1)...]
    }
    return false
  }
}
