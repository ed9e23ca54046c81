internal import CConsole
import HTTPRouting

/// One of the files of the pages, as the C target embeds it.
struct ConsoleFile: Sendable {
  /// The name, such as "console.html".
  let name: String
  /// All of it.
  let bytes: [UInt8]

  /// All files, in the order in which the C target lists them.
  static let all: [ConsoleFile] = (0..<console_file_count()).map { index in
    // The names and the bytes are constants of the C target, and live as long as the process.
    let file = unsafe console_file_at(index)
    return unsafe ConsoleFile(
      name: String(cString: file.name), bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
  }

  /// The media type, by the end of the name.
  var mediaType: String {
    if name.hasSuffix(".html") { return "text/html; charset=utf-8" }
    if name.hasSuffix(".css") { return "text/css; charset=utf-8" }
    return name.hasSuffix(".js") ? "text/javascript; charset=utf-8" : "image/svg+xml"
  }

  /// The file as it is served: to be asked for again each time, and if it is a page, with leave to load the files
  /// beside it and nothing else.
  var asset: StaticAsset {
    StaticAsset(mediaType, bytes, policy: name.hasSuffix(".html") ? Self.policy : nil, isKept: true)
  }

  /// What a page may do (Content Security Policy Level 3): nothing inline, nothing from elsewhere, no text that becomes
  /// markup (Trusted Types).
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
    + "trusted-types 'none'"
}
