internal import Glibc

/// What the kernel tells of processes: proc(5).
enum ProcessFigures {
  /// The CPU time that processes have used so far, all their threads, in seconds.
  static func processorSeconds(_ processes: [pid_t]) -> Double {
    let used = processes.compactMap { ticks($0) }.reduce(0, +)
    return Double(used) / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
  }

  private static func ticks(_ process: pid_t) -> Int? {
    guard let text = SmallFile.text("/proc/\(process)/stat") else { return nil }
    return ticks(stat: text)
  }

  /// User and system time of /proc/PID/stat: fields 14 and 15, counted behind the name, which may hold anything.
  static func ticks(stat text: String) -> Int? {
    guard let end = text.utf8.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = text[end...].split(separator: " ")
    guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else { return nil }
    return user + system
  }

  /// The memory that a process has in use now, in bytes; 0 if there is no such process.
  static func residentBytes(_ process: pid_t) -> Int {
    guard let text = SmallFile.text("/proc/\(process)/status") else { return 0 }
    return kibibytes("VmRSS", in: text) << 10
  }

  /// A line such as "VmRSS:   1234 kB".
  static func kibibytes(_ name: String, in text: String) -> Int {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") }) else { return 0 }
    return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// The processes that a process has started.
  static func children(of process: pid_t) -> [pid_t] {
    let text = SmallFile.text("/proc/\(process)/task/\(process)/children") ?? ""
    return text.split(separator: " ").compactMap { pid_t($0) }
  }

  /// The cores that this process may use.
  static var cores: [Int] {
    let text = SmallFile.text("/proc/self/status") ?? ""
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return [] }
    return cores(list: line.dropFirst("Cpus_allowed_list:".count))
  }

  /// Reads a list such as "0-2,5".
  static func cores(list: some StringProtocol) -> [Int] {
    list.split(separator: ",").flatMap { part -> [Int] in
      let ends = part.split(separator: "-").compactMap { end in Int(String(end.filter { $0.isASCII && $0.isNumber })) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 65_536 else { return [] }
      return Array(first...last)
    }
  }
}
