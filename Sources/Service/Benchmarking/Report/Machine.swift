internal import Glibc

/// On what was measured.
struct Machine: Sendable {
  var processor: String
  var cores: Int
  var mebibytes: Int
  var system: String
  var disk: String
  /// Seconds since 1970.
  var time: Int64

  init(_ bench: Workbench) {
    processor = Self.value(of: "model name", in: SmallFile.text("/proc/cpuinfo") ?? "", separator: ":")
    cores = ProcessFigures.cores.count
    mebibytes = ProcessFigures.kibibytes("MemTotal", in: SmallFile.text("/proc/meminfo") ?? "") >> 10
    let name = Self.value(of: "PRETTY_NAME", in: SmallFile.text("/etc/os-release") ?? "", separator: "=")
    let kernel = (SmallFile.text("/proc/sys/kernel/osrelease") ?? "").filter { $0 != "\n" }
    system = "\(name.filter { $0 != "\"" }), Linux \(kernel)"
    disk = FileSystemKind(of: bench.folder.path).name
    self.time = Int64(Glibc.time(nil))
  }

  init(processor: String, cores: Int, mebibytes: Int, system: String, disk: String, time: Int64) {
    self.processor = processor
    self.cores = cores
    self.mebibytes = mebibytes
    self.system = system
    self.disk = disk
    self.time = time
  }

  private static func value(of name: String, in text: String, separator: Character) -> String {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let start = line.firstIndex(of: separator)
    else { return "unknown" }
    return String(line[line.index(after: start)...].drop { $0 == " " })
  }
}
