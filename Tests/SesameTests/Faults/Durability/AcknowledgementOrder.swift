/// Holds a trace of a server on SQLite against the promise that no change is answered before it is on the disk.
///
/// Each change is asked for under an `X-Request-Id` of its own, made by ``mark(_:)``. The store writes that down with
/// the change, in the same transaction, and the answer repeats it: so the trace itself shows which write to the
/// write-ahead log holds a change, and which write to a socket its answer.
struct AcknowledgementOrder {
  /// How many changes were answered.
  private(set) var answers = 0
  /// How many times the log was brought to the disk.
  private(set) var syncs = 0
  /// What broke the promise, in words.
  private(set) var faults: [String] = []

  private static let prefix = Array("order-".utf8)
  private static let digits = 8

  /// The request id of a change.
  static func mark(_ number: Int) -> String {
    let text = String(number)
    return "order-" + String(repeating: "0", count: digits - text.utf8.count) + text
  }

  init(_ trace: SystemCallTrace) {
    /// When each change had been written to the log, by its mark.
    var written: [String: Int] = [:]
    /// The calls that brought the log to the disk: when they began and ended.
    var synced: [(begin: Int, end: Int)] = []
    for call in trace.calls where call.subject.hasSuffix("-wal") {
      switch call.name {
      case "pwrite64", "pwritev", "write", "writev":
        for mark in Self.marks(in: call) where written[mark] == nil { written[mark] = call.end ?? .max }
      case "fdatasync", "fsync":
        if let end = call.end, call.result == 0 { synced.append((call.begin, end)) }
      default: break
      }
    }
    syncs = synced.count
    for call in trace.calls where call.subject.hasPrefix("socket:") {
      for place in call.text.places(of: Array("HTTP/1.1 2".utf8)) {
        guard let mark = Self.marks(in: call, from: place).first else { continue }
        answers += 1
        guard let write = written[mark] else {
          faults.append("\(mark) was answered, and is in no write to the log before")
          continue
        }
        if !synced.contains(where: { $0.begin > write && $0.end < call.begin }) {
          faults.append("\(mark), in the log at line \(write), was answered at line \(call.begin), and not synced")
        }
      }
    }
  }

  private static func marks(in call: SystemCallTrace.Call, from start: Int? = nil) -> [String] {
    let text = call.text[(start ?? call.text.startIndex)...]
    return text.places(of: prefix).compactMap { place in
      let mark = text[place...].prefix(prefix.count + digits)
      return mark.count == prefix.count + digits ? String(decoding: mark, as: UTF8.self) : nil
    }
  }
}
