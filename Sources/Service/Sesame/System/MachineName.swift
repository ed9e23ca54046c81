import Glibc

/// The name of the machine.
enum MachineName {
  /// What `gethostname` says (gethostname(2)); empty if it says nothing.
  static var text: String {
    // What POSIX allows; one more byte stays what ends it.
    let longest = 255
    var bytes = [CChar](repeating: 0, count: longest + 1)
    guard unsafe gethostname(&bytes, longest) == 0 else { return "" }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
