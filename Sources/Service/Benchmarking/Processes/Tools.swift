internal import Glibc

/// The programs of Debian's that do the work.
struct Tools {
  let wrk: String
  let nginx: String?
  private let taskset: String

  /// Finds them, or names the package that is missing.
  ///
  /// `needsControl` says whether nginx is among them.
  init(needsControl: Bool = true) throws(BenchmarkError) {
    try self.init(needsControl: needsControl, path: Environment["PATH"] ?? "/usr/bin:/bin")
  }

  init(needsControl: Bool, path: String) throws(BenchmarkError) {
    // Debian has servers in /usr/sbin, which is not on a user's PATH.
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin"]
    func find(_ name: String, package: String) throws(BenchmarkError) -> String {
      let found = folders.map { "\($0)/\(name)" }.first { (file: String) in unsafe access(file, X_OK) == 0 }
      guard let found else {
        throw BenchmarkError(
          .missingTool, "\(name) is missing; install Debian's \(package): apt-get install \(package)")
      }
      return found
    }
    wrk = try find("wrk", package: "wrk")
    nginx = needsControl ? try find("nginx", package: "nginx-light") : nil
    taskset = try find("taskset", package: "util-linux")
  }

  /// The command, on one core only.
  func pinned(_ command: [String], to core: Int) -> [String] { [taskset, "-c", String(core)] + command }
}
