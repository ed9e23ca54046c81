import Cryptography
import Glibc
import JSON
import SessionCore

/// A note beside a file that says how far it has been imported, and into which store: `FILE.imported`.
///
/// It saves time and decides nothing else: without it an import begins at the top, and finds what it has stored.
public struct ImportNote: Sendable, Equatable {
  /// Up to where.
  public var place: SourcePlace
  /// Which file: the digest of its first line.
  public var file: [UInt8]
  /// Which store, as a person names it.
  public var store: String

  /// A note about the file that `source` reads.
  public init(of source: ExportReader, at place: SourcePlace, store: String) {
    self.place = place
    self.store = store
    file = SHA256Digest.bytes(of: source.header)
  }

  private static func name(for path: String) -> String { path + ".imported" }

  /// The note beside a file; `nil` if there is none that can be read.
  public init?(beside path: String) throws(MovingError) {
    let name = Self.name(for: path)
    guard SystemFile.exists(name) else { return nil }
    let bytes = try SystemFile(name, O_RDONLY).read(atMost: 65_536)
    guard let root = try? JSONDocument(parsing: bytes).root, let line = root["line"]?.integer, line > 0,
      let offset = root["offset"]?.integer, offset > 0, let store = root["store"]?.string,
      let file = root["file"]?.utf8String.flatMap({ Hexadecimal.decode($0) })
    else { return nil }
    place = SourcePlace(line: line, offset: offset)
    self.store = store
    self.file = file
  }

  /// Puts the note beside a file, in the place of the one that is there.
  public func save(beside path: String) throws(MovingError) {
    var json = JSONWriter()
    json.beginObject()
    json.member("line", place.line)
    json.member("offset", place.offset)
    json.member("store", store)
    json.member("file", utf8: Hexadecimal.encode(file))
    json.endObject()
    let name = Self.name(for: path)
    let new = try SystemFile(name + ".new", O_WRONLY | O_CREAT | O_TRUNC)
    try new.makePrivate()
    try new.write(json.bytes)
    try SystemFile.rename(name + ".new", to: name, replacing: true)
  }

  /// Takes the note away, if there is one.
  public static func remove(beside path: String) throws(MovingError) { try SystemFile.remove(name(for: path)) }
}
