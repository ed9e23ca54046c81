import Glibc

/// A file that exists only during a call.
enum TemporaryFile {
  /// Calls `body` with the path of a file that holds `text`, or with `nil` if there is no text.
  static func with<Result, Failure: Error>(
    _ text: String?, _ body: (String?) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let text else { return try body(nil) }
    let path = "/tmp/sesame-settings-\(UInt64.random(in: 0 ... .max)).toml"
    let file = unsafe fopen(path, "wxe")
    let isOpen = unsafe file != nil
    precondition(isOpen, "no file can be made in /tmp")
    let bytes = Array(text.utf8)
    let written = unsafe fwrite(bytes, 1, bytes.count, file)
    precondition(written == bytes.count, "the file could not be written")
    unsafe fclose(file)
    defer { unsafe unlink(path) }
    return try body(path)
  }
}
