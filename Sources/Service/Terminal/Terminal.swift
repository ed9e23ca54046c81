internal import Glibc

/// A file of the process that may be a terminal.
public struct Terminal: Sendable {
  /// The number of the file.
  let file: Int32

  /// Standard input.
  public static let input = Terminal(file: STDIN_FILENO)
  /// Standard output.
  public static let output = Terminal(file: STDOUT_FILENO)
  /// Standard error.
  public static let errors = Terminal(file: STDERR_FILENO)

  /// Whether it is a terminal.
  public var isTerminal: Bool { isatty(file) == 1 }

  /// Columns and rows of the terminal now; `nil` if it is none, or does not say.
  public var size: (columns: Int, rows: Int)? {
    var size = winsize()
    // https://man7.org/linux/man-pages/man2/TIOCGWINSZ.2const.html
    guard unsafe ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// The columns to write in; `nil` if it is no terminal, where lines may be as long as they are.
  public var width: Int? { isTerminal ? size?.columns ?? 80 : nil }

  /// Writes a text, all of it; `false` if nobody reads it any more.
  @discardableResult
  public func write(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = unsafe Glibc.write(file, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0, errno == EAGAIN {
          // The file was made non-blocking by someone who shares it.
          var wait = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
          _ = unsafe poll(&wait, 1, 1000)
        } else if count < 0, errno != EINTR {
          return false
        }
        written += max(0, count)
      }
      return true
    }
  }

  /// Writes a text and a line end; `false` if nobody reads it any more.
  @discardableResult
  public func line(_ text: String = "") -> Bool { write(text + "\n") }

  /// Reads a line of at most `limit` bytes, without its end; `nil` at the end of the file.
  ///
  /// Blocks until there is one. Of a longer line that much is answered; bytes that are not UTF-8 are replaced.
  public func readLine(limit: Int = 16_384) -> String? {
    var line: [UInt8] = []
    while line.count < limit {
      guard let byte = readByte() else { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == 0x0A { break }
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// The next byte; `nil` at the end of the file, and where keys are taken as they come and none was pressed.
  func readByte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = unsafe read(file, &byte, 1)
      if count == 1 { return byte }
      if count == 0 || errno != EINTR { return nil }
    }
  }
}
