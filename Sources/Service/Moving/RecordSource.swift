/// Where records come from: an export file, or what another program has kept.
public protocol RecordSource {
  /// The next thing that was found; `nil` at the end.
  ///
  /// Throws only for what ends the whole import; a single bad line is a value.
  mutating func next() async throws(MovingError) -> SourceItem?

  /// How much has been read, from 0 to 1; `nil` if nobody knows how much there is.
  var part: Double? { get }

  /// From where it could be gone on with, behind what `next` has answered last; `nil` for one that can't.
  var place: SourcePlace? { get }

  /// What is wrong with the source as a whole, now that its end has been reached; `nil` if it is whole.
  var fault: String? { get }
}

extension RecordSource {
  /// By default nowhere.
  public var place: SourcePlace? { nil }
  /// By default nothing.
  public var fault: String? { nil }
}

/// A place between two lines of a file.
public struct SourcePlace: Sendable, Equatable {
  /// The number of the line before it.
  public var line: Int64
  /// Where the next line begins, in bytes from the beginning of the file.
  public var offset: Int64

  /// A place from its parts.
  public init(line: Int64, offset: Int64) {
    self.line = line
    self.offset = offset
  }
}

/// What a source has found.
public struct SourceItem: Sendable {
  /// What it is.
  public enum Content: Sendable {
    /// A record to be moved.
    case record(MovedRecord)
    /// A record to be moved that lacks something of its origin's, and what: a few words, the same for all of its kind.
    case partial(MovedRecord, without: [String])
    /// Something that is rightly not moved, and why: a few words, the same for all of its kind.
    case passedOver(String)
    /// Something that is not what it should be, and what would be right; whether it is a session, which may be passed
    /// over.
    case bad(String, isSession: Bool)
  }

  /// Where it stands, for a person: "line 7".
  public var at: String
  /// What it is.
  public var content: Content
  /// About how many bytes it takes up.
  public var size: Int

  /// An item from its parts.
  public init(at: String, _ content: Content, size: Int) {
    self.at = at
    self.content = content
    self.size = size
  }
}
