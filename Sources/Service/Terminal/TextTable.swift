/// Rows of texts in columns that fit a terminal.
public struct TextTable: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// The heading.
    public let title: String
    /// Whether the texts stand at the column's end, as numbers do.
    public let isTrailing: Bool
    /// How narrow it may become, in columns of the terminal; `nil` if its texts are never cut.
    public let narrowest: Int?
    /// Which go first where there is no room for all; those of 0 always stay.
    public let dispensability: Int

    /// A column, by default one that stays whole.
    public init(_ title: String, isTrailing: Bool = false, narrowest: Int? = nil, dispensability: Int = 0) {
      self.title = title
      self.isTrailing = isTrailing
      self.narrowest = narrowest
      self.dispensability = dispensability
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  private static let gap = 2

  /// A table without rows.
  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row of as many texts as there are columns; what must not reach a terminal is escaped.
  public mutating func append(_ texts: [String]) {
    precondition(texts.count == columns.count, "a row has a text for each column")
    rows.append(texts.map(TerminalText.escaped))
  }

  /// Whether there are no rows.
  public var isEmpty: Bool { rows.isEmpty }

  /// The lines, the headings first, each of at most `width` columns if that is given and there is a way to it.
  ///
  /// Columns become narrower first, and then those that can be done without are left out.
  public func lines(width: Int?, style: TextStyle) -> [String] {
    let natural = columns.indices.map { index in
      rows.reduce(TerminalText.width(of: columns[index].title)) { max($0, TerminalText.width(of: $1[index])) }
    }
    // What can be done without, and says nothing of any row, is left out at once.
    var shown = columns.indices.filter { index in
      columns[index].dispensability == 0 || rows.contains { !$0[index].isEmpty }
    }
    var widths = natural
    if let width {
      while true {
        widths = fitted(shown, natural, into: width)
        if total(shown, widths) <= width { break }
        guard
          let victim = shown.filter({ columns[$0].dispensability > 0 })
            .max(by: { columns[$0].dispensability < columns[$1].dispensability })
        else { break }
        shown.removeAll { $0 == victim }
      }
    }
    let head = line(shown, widths, columns.map(\.title))
    return [style.bold(head)] + rows.map { line(shown, widths, $0) }
  }

  /// Widths at which these columns fit, or the narrowest there are: the widest gives way first.
  private func fitted(_ shown: [Int], _ natural: [Int], into width: Int) -> [Int] {
    var widths = natural
    var excess = total(shown, widths) - width
    while excess > 0 {
      let candidates = shown.filter { index in
        columns[index].narrowest.map { widths[index] > max($0, TerminalText.width(of: columns[index].title)) } ?? false
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func total(_ shown: [Int], _ widths: [Int]) -> Int {
    shown.reduce(0) { $0 + widths[$1] } + Self.gap * max(0, shown.count - 1)
  }

  private func line(_ shown: [Int], _ widths: [Int], _ texts: [String]) -> String {
    let cells = shown.map { index in
      let text = columns[index].narrowest == nil ? texts[index] : TerminalText.cut(texts[index], to: widths[index])
      let isLast = index == shown.last
      // Nothing stands behind the last one, so it needs no spaces there.
      if isLast, !columns[index].isTrailing { return text }
      return TerminalText.padded(text, to: widths[index], isTrailing: columns[index].isTrailing)
    }
    var line = cells.joined(separator: String(repeating: " ", count: Self.gap))
    while line.last == " " { line.removeLast() }
    return line
  }
}
