import Glibc
import JSON

/// The rows of a file, of whichever form it has: a SQLite database, JSON lines, a JSON array, or CSV with a header.
struct RowFile {
  /// A row, or what stands where one should be.
  enum Found {
    case row(ForeignRow)
    case bad(at: String, why: String)
  }

  private enum Form {
    case lines(LineReader)
    case array(ArrayReader)
    case table(LineReader, columns: [[UInt8]])
    case database(any ForeignTable)
  }

  /// The most bytes of one row.
  static let longest = 1 << 26

  private var form: Form
  private var number: Int64 = 0

  /// Opens a file; `table` is the one of a database, or the end of its name.
  init(_ path: String, table: String?, _ drivers: some ForeignDrivers) throws(MovingError) {
    let beginning = try SystemFile(path, O_RDONLY).read(atMost: 4096)
    let first = beginning.first { !Self.isBlank($0) }
    if beginning.starts(with: "SQLite format 3".utf8) {
      guard let table else {
        throw MovingError(.format, "\(path) is a SQLite database; JSON or CSV is what is read here.")
      }
      form = .database(try drivers.rows(ofTable: table, in: path))
    } else if first == UInt8(ascii: "[") {
      form = .array(try ArrayReader(path))
    } else if first == UInt8(ascii: "{") {
      form = .lines(try LineReader(path, longest: Self.longest))
    } else {
      var lines = try LineReader(path, longest: Self.longest)
      guard let (_, header) = try CommaSeparated.row(&lines), !header.isEmpty, first != nil else {
        throw MovingError(.format, "\(path) is empty; it should be SQLite's, JSON, or CSV with a line of names.")
      }
      form = .table(lines, columns: header)
    }
  }

  /// How much has been read.
  var part: Double? {
    switch form {
    case .lines(let lines), .table(let lines, columns: _): lines.part
    case .array(let array): array.part
    case .database(let rows): rows.part
    }
  }

  /// The next row.
  mutating func next() throws(MovingError) -> Found? {
    switch form {
    case .lines(var lines):
      defer { form = .lines(lines) }
      while let line = try lines.next() {
        guard let bytes = line.bytes else { return .bad(at: "line \(line.number)", why: "it is too long") }
        if bytes.allSatisfy(Self.isBlank) { continue }
        return Self.found(bytes, at: "line \(line.number)")
      }
      return nil
    case .array(var array):
      defer { form = .array(array) }
      guard let bytes = try array.next() else { return nil }
      number += 1
      return Self.found(bytes, at: "element \(number)")
    case .table(var lines, let columns):
      defer { form = .table(lines, columns: columns) }
      guard let (line, values) = try CommaSeparated.row(&lines) else { return nil }
      let at = "line \(line)"
      guard values.count == columns.count else {
        return .bad(at: at, why: "it has \(values.count) values, and the header has \(columns.count)")
      }
      return Self.found(CommaSeparated.json(columns, values), at: at)
    case .database(let rows):
      guard let bytes = try rows.next() else { return nil }
      number += 1
      return Self.found(bytes, at: "row \(number)")
    }
  }

  private static func found(_ bytes: [UInt8], at: String) -> Found {
    do throws(JSONError) {
      let root = try JSONDocument(parsing: bytes, limits: JSONLimits(maximumBytes: longest, maximumDepth: 100)).root
      guard root.kind == .object else { return .bad(at: at, why: "it is no JSON object") }
      return .row(ForeignRow(at: at, value: root, size: bytes.count))
    } catch {
      return .bad(at: at, why: "it is no JSON object: \(error.description)")
    }
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}

/// The elements of a JSON array, one after another, however they are laid out.
struct ArrayReader {
  private var lines: LineReader
  private var line: [UInt8] = []
  private var place = 0
  private let path: String

  init(_ path: String) throws(MovingError) {
    self.path = path
    lines = try LineReader(path, longest: RowFile.longest)
    guard try visibleByte() == UInt8(ascii: "[") else { throw MovingError(.format, "\(path) is no JSON array.") }
  }

  var part: Double? { lines.part }

  /// The bytes of the next element that is an object or an array; `nil` at the end of the array.
  mutating func next() throws(MovingError) -> [UInt8]? {
    var element: [UInt8] = []
    var depth = 0
    var (isText, isEscaped) = (false, false)
    while let byte = try isText ? rawByte() : visibleByte() {
      if depth == 0, byte == UInt8(ascii: ",") { continue }
      if depth == 0, byte == UInt8(ascii: "]") { return nil }
      element.append(byte)
      guard element.count <= RowFile.longest else { throw MovingError(.format, "\(path) has an element too long.") }
      if isText {
        (isText, isEscaped) = (isEscaped || byte != UInt8(ascii: "\""), !isEscaped && byte == UInt8(ascii: "\\"))
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return element }
      default: break
      }
      if depth == 0, !isText { throw MovingError(.format, "\(path) has something else than objects in its array.") }
    }
    throw MovingError(.format, "\(path) ends within its array.")
  }

  /// The next byte that is no white space.
  private mutating func visibleByte() throws(MovingError) -> UInt8? {
    while let byte = try rawByte() {
      if !RowFile.isBlank(byte) { return byte }
    }
    return nil
  }

  private mutating func rawByte() throws(MovingError) -> UInt8? {
    while place == line.count {
      guard let next = try lines.next() else { return nil }
      guard let bytes = next.bytes else { throw MovingError(.format, "\(path), line \(next.number): it is too long.") }
      (line, place) = (bytes + [0x0A], 0)
    }
    place += 1
    return line[place - 1]
  }
}

/// CSV as RFC 4180 has it, with a line of names.
enum CommaSeparated {
  /// The values of the next row, which may stand on several lines, and the number of the first; `nil` at the end.
  static func row(_ lines: inout LineReader) throws(MovingError) -> (line: Int64, values: [[UInt8]])? {
    var first: Int64?
    var values: [[UInt8]] = []
    var value: [UInt8] = []
    var isQuoted = false
    while let line = try lines.next() {
      guard let text = line.bytes else { throw MovingError(.format, "line \(line.number): it is too long.") }
      if text.isEmpty, values.isEmpty, value.isEmpty { continue }
      first = first ?? line.number
      var bytes = text[...]
      if !isQuoted, bytes.last == 0x0D { bytes.removeLast() }
      while let byte = bytes.popFirst() {
        switch byte {
        case UInt8(ascii: "\"") where isQuoted && bytes.first == byte:
          bytes.removeFirst()
          value.append(byte)
        case UInt8(ascii: "\"") where isQuoted || value.isEmpty: isQuoted.toggle()
        case UInt8(ascii: ",") where !isQuoted:
          values.append(value)
          value = []
        default: value.append(byte)
        }
      }
      guard isQuoted else { return (first ?? line.number, values + [value]) }
      value.append(0x0A)
      guard value.count <= RowFile.longest else { throw MovingError(.format, "line \(line.number): it is too long.") }
    }
    if isQuoted { throw MovingError(.format, "The file ends within a value in quotation marks.") }
    return nil
  }

  /// The row as a JSON object of texts.
  static func json(_ columns: [[UInt8]], _ values: [[UInt8]]) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    for (column, value) in zip(columns, values) {
      json.name(String(decoding: column, as: UTF8.self))
      json.string(utf8: value)
    }
    json.endObject()
    return json.bytes
  }
}
