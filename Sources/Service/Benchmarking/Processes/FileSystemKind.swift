/// What a folder is kept on, as the kernel tells: proc(5), /proc/[pid]/mountinfo.
struct FileSystemKind: Equatable {
  /// Its name, such as "ext4".
  let name: String

  /// Whether an fsync costs nothing there.
  var isMemory: Bool { name == "tmpfs" || name == "ramfs" }

  /// That of a path from the root without links.
  init(of path: String) { self.init(of: path, mounts: SmallFile.text("/proc/self/mountinfo") ?? "") }

  /// Finds the mount point that is nearest above the path; of several at one place, the last one is on top.
  init(of path: String, mounts: String) {
    var found = (length: 0, name: "unknown")
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 5, let dash = fields.firstIndex(of: "-"), fields.indices.contains(dash + 1) else { continue }
      let point = fields[4]
      let isAbove = point == "/" || path == point || path.hasPrefix(point + "/")
      if isAbove, point.count >= found.length { found = (point.count, String(fields[dash + 1])) }
    }
    name = found.name
  }
}
