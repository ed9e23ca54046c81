public import SessionCore

/// A line of an export file, which is one JSON object with one member that says what it is.
///
/// The first line is the header, the last one the end; between them stand the keys, then the accounts, then the
/// sessions in the order in which they were opened. So whoever reads it from the top finds no session before its
/// account.
public enum ExportLine: Sendable, Equatable {
  /// The format's version, which program wrote it, and when.
  case header(program: String, created: Timestamp)
  /// A key, an account or a session.
  case record(MovedRecord)
  /// The end, and how many of each there are before it.
  case end(MoveCounts)

  /// The version of the format that is written, and the only one that is read.
  public static let version: Int64 = 1

  /// The most bytes of a line that is read.
  public static let longest = 1 << 26

  /// Why a line is none.
  public struct Refusal: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what would be right, without the beginning of a sentence.
    public let description: String

    init(_ description: String) { self.description = description }
  }
}
