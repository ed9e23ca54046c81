import Accounts
import Glibc
import SessionCore

/// An export file while it is written: `FILE.part`, of mode 0600, until it is whole and becomes `FILE`.
struct ExportFile {
  /// What was found in a part of an earlier export.
  struct Beginning {
    var counts = MoveCounts()
    var lastKey: [UInt8]?
    var lastAccount: Int64?
    var lastSession: SessionCursor?
  }

  private static let pieceLength = 1 << 18

  /// The name of the whole file.
  let path: String
  private let file: SystemFile
  private var waiting: [UInt8] = []

  private static func partName(of path: String) -> String { path + ".part" }

  /// Begins a file, where none of that name is and none has been begun.
  init(new path: String, header: ExportLine) throws(MovingError) {
    self.path = path
    try Self.refuseExisting(path)
    let part = Self.partName(of: path)
    if SystemFile.exists(part) {
      throw MovingError(
        .file, "\(part) is left of an export that was interrupted: go on with --resume, or remove it.")
    }
    file = try SystemFile(part, O_WRONLY | O_CREAT | O_EXCL)
    try file.makePrivate()
    try write(header)
  }

  /// Goes on with a file that was begun; `nil` if there is none.
  ///
  /// What is behind its last whole line is cut off. Costs reading it once.
  init?(resuming path: String, _ beginning: inout Beginning) throws(MovingError) {
    try Self.refuseExisting(path)
    let part = Self.partName(of: path)
    guard SystemFile.exists(part) else { return nil }
    self.path = path
    var lines = try LineReader(part)
    var end: Int64 = 0
    while let line = try lines.next(), line.isEnded {
      do throws(ExportLine.Refusal) {
        try beginning.add(line)
      } catch {
        throw MovingError(
          .format,
          "\(part), line \(line.number): \(error.description). It was not written so; remove it, and begin anew."
        )
      }
      end = line.end
    }
    guard end > 0 else {
      throw MovingError(.format, "\(part) has no whole line; remove it, and begin anew.")
    }
    file = try SystemFile(part, O_WRONLY)
    try file.makePrivate()
    try file.truncate(to: end)
    try file.seek(to: end)
  }

  private static func refuseExisting(_ path: String) throws(MovingError) {
    guard SystemFile.exists(path) else { return }
    throw MovingError(.file, "\(path) is there already, and is not written over: name another file, or remove it.")
  }

  /// Adds a line.
  mutating func write(_ line: ExportLine) throws(MovingError) {
    waiting += line.bytes
    waiting.append(0x0A)
    if waiting.count >= Self.pieceLength { try flush() }
  }

  /// Hands what is waiting to the system.
  mutating func flush() throws(MovingError) {
    try file.write(waiting)
    waiting.removeAll(keepingCapacity: true)
  }

  /// Makes the file whole: it is on the disk, under its own name, when this returns.
  mutating func finish(_ counts: MoveCounts) throws(MovingError) {
    try write(.end(counts))
    try flush()
    try file.synchronize()
    try SystemFile.rename(Self.partName(of: path), to: path, replacing: false)
  }
}

extension ExportFile.Beginning {
  mutating func add(_ line: LineReader.Line) throws(ExportLine.Refusal) {
    guard let bytes = line.bytes else { throw ExportLine.Refusal("it is too long") }
    switch try ExportLine(parsing: bytes) {
    case .header where line.number == 1: return
    case .header, .end: throw ExportLine.Refusal("it stands in the wrong place")
    case .record where line.number == 1: throw ExportLine.Refusal("it must be the header")
    case .record(let record):
      counts.count(record)
      switch record {
      case .key(let key): lastKey = key.digest
      case .account(let account): lastAccount = account.account.id.number
      case .session(let session): lastSession = SessionCursor(time: session.openTime, id: session.id)
      }
    }
  }
}
