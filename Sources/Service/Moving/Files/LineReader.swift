/// Reads a file line by line, with no more in memory than one line and one piece of the file.
struct LineReader {
  /// A line without its end.
  struct Line {
    /// Its number, from 1.
    var number: Int64
    /// Its bytes; `nil` for one that is longer than may be.
    var bytes: [UInt8]?
    /// Whether it ends as lines do; the last one of a file that was cut off does not.
    var isEnded: Bool
    /// Where the next line begins, in bytes from the beginning of the file.
    var end: Int64
  }

  private static let pieceLength = 1 << 18

  /// How long the file was when it was opened; `nil` for a pipe, whose end nobody knows.
  let length: Int64?
  private let file: SystemFile
  private let longest: Int
  private var piece: [UInt8] = []
  private var place = 0
  private var offset: Int64 = 0
  private var number: Int64 = 0
  private var isAtEnd = false

  /// Opens a file; a line of more than `longest` bytes is passed over.
  init(_ path: String, longest: Int = ExportLine.longest) throws(MovingError) {
    file = try SystemFile(path, 0)
    let status = try file.status()
    length = status.isOrdinary ? status.length : nil
    self.longest = longest
  }

  /// How much of the file has been read, from 0 to 1.
  var part: Double? { length.map { $0 == 0 ? 1 : min(1, Double(offset) / Double($0)) } }

  /// Goes on behind a line that ended at `offset`, and was the `number`th.
  mutating func resume(after number: Int64, at offset: Int64) throws(MovingError) {
    try file.seek(to: offset)
    (self.number, self.offset, piece, place, isAtEnd) = (number, offset, [], 0, false)
  }

  /// The next line; `nil` at the end.
  mutating func next() throws(MovingError) -> Line? {
    var bytes: [UInt8]? = []
    var hasAny = false
    while true {
      if place == piece.count {
        if !isAtEnd {
          piece = try file.read(atMost: Self.pieceLength)
          place = 0
          isAtEnd = piece.isEmpty
        }
        if isAtEnd {
          guard hasAny else { return nil }
          number += 1
          return Line(number: number, bytes: bytes, isEnded: false, end: offset)
        }
      }
      hasAny = true
      let end = piece[place...].firstIndex(of: 0x0A)
      let part = piece[place..<(end ?? piece.count)]
      if let count = bytes?.count {
        if count + part.count <= longest { bytes?.append(contentsOf: part) } else { bytes = nil }
      }
      place = end.map { $0 + 1 } ?? piece.count
      offset += Int64(part.count) + (end == nil ? 0 : 1)
      if end != nil {
        number += 1
        return Line(number: number, bytes: bytes, isEnded: true, end: offset)
      }
    }
  }
}
