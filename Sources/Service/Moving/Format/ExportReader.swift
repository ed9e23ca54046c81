/// Reads an export file: its header at once, and then its records line by line.
public struct ExportReader: RecordSource {
  private var lines: LineReader
  private let path: String
  private var counts = MoveCounts()
  private var last: SourcePlace
  private var end: MoveCounts?
  private var isResumed = false
  /// The bytes of the file's first line, by which it is known again.
  public let header: [UInt8]

  /// Opens a file; refuses one whose first line is no header of a version that is known.
  public init(_ path: String) throws(MovingError) {
    self.path = path
    lines = try LineReader(path)
    guard let line = try lines.next(), let bytes = line.bytes else {
      throw MovingError(.format, "\(path) is empty; an export begins with a line that names its version.")
    }
    header = bytes
    last = SourcePlace(line: line.number, offset: line.end)
    do throws(ExportLine.Refusal) {
      guard case .header = try ExportLine(parsing: bytes) else {
        throw ExportLine.Refusal("an export's first line is {\"sesame_export\":…}")
      }
    } catch {
      throw MovingError(
        .format, "\(path), line 1: \(error.description). What another program has kept is read with --from.")
    }
  }

  /// Goes on from a place of this file that was reached before.
  public mutating func resume(at place: SourcePlace) throws(MovingError) {
    guard let length = lines.length, place.offset <= length, place.offset >= last.offset else {
      throw MovingError(.file, "\(path) is not the file of which a part was imported; begin anew, without --resume.")
    }
    try lines.resume(after: place.line, at: place.offset)
    last = place
    isResumed = true
  }

  /// How much of the file has been read.
  public var part: Double? { lines.part }

  /// Behind the line that was answered last.
  public var place: SourcePlace? { last }

  /// What is wrong with the file: its end is missing, or something in the middle.
  public var fault: String? {
    guard let end else {
      return "\(path) has no end: its export was interrupted. Go on with that, and import it again"
    }
    guard !isResumed, end != counts else { return nil }
    return """
      \(path) should have \(end.keys) keys, \(end.accounts) accounts and \(end.sessions) sessions, and has \
      \(counts.keys), \(counts.accounts) and \(counts.sessions): lines are missing
      """
  }

  /// The next line.
  public mutating func next() throws(MovingError) -> SourceItem? {
    guard let line = try lines.next() else { return nil }
    last = SourcePlace(line: line.number, offset: line.end)
    let size = line.bytes?.count ?? ExportLine.longest
    return SourceItem(at: "line \(line.number)", content(of: line), size: size)
  }

  private mutating func content(of line: LineReader.Line) -> SourceItem.Content {
    guard let bytes = line.bytes else { return .bad("it is longer than \(ExportLine.longest) bytes", isSession: false) }
    if end != nil { return .bad("it stands behind the end of the export", isSession: false) }
    do throws(ExportLine.Refusal) {
      switch try ExportLine(parsing: bytes) {
      case .header: return .bad("a header stands in the first line only", isSession: false)
      case .record(let record):
        counts.count(record)
        return .record(record)
      case .end(let counts):
        end = counts
        return .passedOver("")
      }
    } catch {
      // A bad line counts as what it may have been, or the end would complain of it again.
      let isSession = bytes.starts(with: Self.sessionBeginning)
      if isSession { counts.sessions += 1 }
      return .bad(error.description, isSession: isSession)
    }
  }

  private static let sessionBeginning = Array("{\"session\"".utf8)
}
