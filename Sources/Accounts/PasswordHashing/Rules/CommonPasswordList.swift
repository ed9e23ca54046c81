internal import CCommonPasswords

/// The passwords that leaks showed to be the most used, 16,000 of them, within the program.
enum CommonPasswordList {
  /// Whether the list has `password`, which is given in lower case; about 14 comparisons.
  static func contains(_ password: [UInt8]) -> Bool {
    // The list is a constant of the C target, and lives as long as the process.
    let list = unsafe UnsafeBufferPointer(start: common_passwords_bytes(), count: common_passwords_count())
    return unsafe contains(password, in: list)
  }

  /// Searches lines that are sorted by bytes; both bounds are always where a line begins.
  private static func contains(_ password: [UInt8], in list: UnsafeBufferPointer<UInt8>) -> Bool {
    let lineFeed = UInt8(ascii: "\n")
    var low = 0
    var high = list.count
    while low < high {
      var start = low + (high - low) / 2
      while start > low, unsafe list[start - 1] != lineFeed { start -= 1 }
      var end = start
      while end < high, unsafe list[end] != lineFeed { end += 1 }
      let line = unsafe list[start..<end]
      if unsafe line.lexicographicallyPrecedes(password) {
        low = end + 1
      } else if unsafe line.elementsEqual(password) {
        return true
      } else {
        high = start
      }
    }
    return false
  }
}
