import CTOML

/// A file of settings, flattened.
struct SettingsFile {
  /// One key with its value.
  struct Entry {
    let key: String
    let value: SettingText
    let line: Int
    /// Whether it is only a table's head, whose members are entries of their own.
    let isTable: Bool
  }

  let path: String
  let entries: [Entry]

  /// Reads a file; answers `nil` if it may be missing and is.
  init?(path: String, mayBeMissing: Bool) throws(ConfigurationError) {
    let (error, text) = Self.read(path)
    if let error {
      if mayBeMissing && error == Self.missing { return nil }
      let reason =
        switch error {
        case Self.missing: "does not exist"
        case Self.forbidden: "may not be read by this user"
        case Self.directory: "is a folder"
        case Self.tooLarge: "is larger than 1 MiB"
        default: "can't be read (error \(error) of the system)"
        }
      throw ConfigurationError(.unreadableFile, "The settings file \(path) \(reason).")
    }
    self.path = path
    entries = try Self.parse(text, path: path)
  }

  /// Reads a text as if it stood in a file.
  init(path: String, text: [UInt8]) throws(ConfigurationError) {
    self.path = path
    entries = try Self.parse(text, path: path)
  }

  // The numbers of Linux, which are the same on all its architectures: errno.h has them as macros.
  private static let missing: Int32 = 2
  private static let forbidden: Int32 = 13
  private static let directory: Int32 = 21
  private static let tooLarge: Int32 = 27

  /// The bytes of a file, or the number of the system's error.
  static func read(_ path: String) -> (error: Int32?, text: [UInt8]) {
    var start: UnsafeMutablePointer<CChar>?
    var length = 0
    let error = unsafe ctoml_read(path, &start, &length)
    guard error == 0 else { return (error, []) }
    defer { unsafe ctoml_free_text(start) }
    return unsafe (nil, Array(UnsafeRawBufferPointer(start: start, count: length)))
  }

  private static func parse(_ text: [UInt8], path: String) throws(ConfigurationError) -> [Entry] {
    guard let file = TOMLFile(text) else {
      throw ConfigurationError(.unreadableFile, "There is no memory for the settings file \(path).")
    }
    if let refusal = file.refusal {
      throw ConfigurationError(
        .syntax, "\(path), line \(refusal.line), can't be read as TOML: \(refusal.reason).", line: refusal.line)
    }
    // The library sorts by key; a reader expects the first fault of the file.
    return file.entries.sorted { $0.line < $1.line }
  }
}

/// The owner of what the C side made of a text.
@safe private struct TOMLFile: ~Copyable {
  private let file: OpaquePointer

  init?(_ text: [UInt8]) {
    let made = unsafe text.withUnsafeBytes { bytes in
      // A pointer is needed even to nothing.
      unsafe bytes.baseAddress.map { unsafe ctoml_parse($0.assumingMemoryBound(to: CChar.self), bytes.count) }
        ?? ctoml_parse("", 0)
    }
    guard let made = unsafe made else { return nil }
    unsafe file = made
  }

  deinit { unsafe ctoml_free(file) }

  var refusal: (reason: String, line: Int)? {
    var line: UInt32 = 0
    guard let start = unsafe ctoml_refusal(file, &line) else { return nil }
    let reason = unsafe String(cString: start)
    // The library goes on with what stands there instead, which can be a password that lacks its quotes; of a number
    // that is too large it says that before anything else.
    let ends = [", saw ", ": '"].compactMap { reason.firstRange(of: $0)?.lowerBound }
    return (String(reason[..<(ends.min() ?? reason.endIndex)]).escaped, Int(line))
  }

  var entries: [SettingsFile.Entry] {
    var count = 0
    let start = unsafe ctoml_entries(file, &count)
    let all = unsafe UnsafeBufferPointer(start: start, count: count)
    var entries: [SettingsFile.Entry] = []
    var index = 0
    while index < count {
      let entry = unsafe all[index]
      index += 1
      var value = SettingText.other
      switch unsafe Int(entry.kind) {
      case CTOML_STRING: value = unsafe .string(Self.string(entry.text, entry.text_length))
      case CTOML_INTEGER: value = unsafe .integer(entry.number)
      case CTOML_BOOLEAN: value = unsafe .boolean(entry.number != 0)
      case CTOML_ARRAY:
        let end = unsafe index + Int(entry.number)
        var strings: [String]? = []
        while index < end {
          let element = unsafe all[index]
          index += 1
          if unsafe Int(element.kind) == CTOML_STRING {
            strings?.append(unsafe Self.string(element.text, element.text_length))
          } else {
            strings = nil
          }
        }
        value = strings.map { .list($0) } ?? .other
      default: break
      }
      let key = unsafe Self.string(entry.key, entry.key_length)
      let isTable = unsafe Int(entry.kind) == CTOML_TABLE
      entries.append(unsafe SettingsFile.Entry(key: key, value: value, line: Int(entry.line), isTable: isTable))
    }
    return entries
  }

  private static func string(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
    unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  }
}
