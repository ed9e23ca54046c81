import Glibc

/// The system calls of a program, in the order in which strace(1) saw them begin and end.
///
/// Reads what `strace -f -y -o FILE` writes. A call's thread goes on only when strace has written the call's end down:
/// what begins in a later line began later.
struct SystemCallTrace {
  /// A call that has begun.
  struct Call: Sendable {
    let name: String
    /// What its first argument, a descriptor, stands for: a path, or `socket:[…]`; empty if it is no descriptor.
    let subject: String
    /// The line in which it began.
    let begin: Int
    /// The line in which it ended; `nil` if the trace has no end of it.
    fileprivate(set) var end: Int?
    /// What it answered; `nil` along with ``end``.
    fileprivate(set) var result: Int?
    /// The line in which it began, with whatever it was to write.
    let text: ArraySlice<UInt8>
  }

  private(set) var calls: [Call] = []

  /// Reads a trace; lines that are no calls, such as signals, are passed over.
  init(_ bytes: [UInt8]) {
    var unfinished: [ArraySlice<UInt8>: Int] = [:]
    for (number, line) in bytes.split(separator: 0x0A).enumerated() {
      let process = line.prefix { (0x30...0x39).contains($0) }
      let rest = line[process.endIndex...].drop { $0 == 0x20 }
      if rest.starts(with: Self.resumption) {
        guard let place = unfinished.removeValue(forKey: process) else { continue }
        calls[place].end = number
        calls[place].result = Self.result(of: rest)
      } else if let opening = rest.firstIndex(of: 0x28), !process.isEmpty {
        var call = Call(
          name: String(decoding: rest[..<opening], as: UTF8.self),
          subject: Self.subject(of: rest[rest.index(after: opening)...]), begin: number, end: nil, result: nil,
          text: rest)
        if rest.suffix(Self.interruption.count).elementsEqual(Self.interruption) {
          unfinished[process] = calls.count
        } else {
          call.end = number
          call.result = Self.result(of: rest)
        }
        calls.append(call)
      }
    }
  }

  private static let resumption = Array("<... ".utf8)
  private static let interruption = Array("<unfinished ...>".utf8)

  /// The text of `8</data/sesame.db-wal>, …` between the angle brackets.
  private static func subject(of arguments: ArraySlice<UInt8>) -> String {
    let rest = arguments.drop { (0x30...0x39).contains($0) }
    guard rest.startIndex > arguments.startIndex, rest.first == 0x3C, let end = rest.firstIndex(of: 0x3E) else {
      return ""
    }
    return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
  }

  /// The number behind the last ` = `.
  private static func result(of line: ArraySlice<UInt8>) -> Int? {
    guard let sign = line.lastIndex(of: 0x3D) else { return nil }
    let words = line[line.index(after: sign)...].split(separator: 0x20)
    return words.first.flatMap { Int(String(decoding: $0, as: UTF8.self)) }
  }
}

extension ArraySlice<UInt8> {
  /// Where a text begins in it, each time that it is there.
  func places(of text: [UInt8]) -> [Int] {
    unsafe withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return [] }
      var places: [Int] = []
      var next = 0
      while let first = text.first, next + text.count <= bytes.count,
        let found = unsafe memchr(base + next, Int32(first), bytes.count - text.count + 1 - next)
      {
        let place = unsafe base.distance(to: UnsafeRawPointer(found))
        let isThere = unsafe memcmp(base + place, text, text.count) == 0
        if isThere { places.append(startIndex + place) }
        next = place + (isThere ? text.count : 1)
      }
      return places
    }
  }
}
