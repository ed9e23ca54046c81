import Foundation

/// A clock on the wall for a program to start with, which a test can step while the program runs.
///
/// It is libfaketime's (Debian's package faketime), which reads a file each time that somebody asks for the time.
struct FakedClock: Sendable {
  private let folder: TemporaryFolder
  private static let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"

  /// Whether this machine has one.
  static var isThere: Bool { FileManager.default.isReadableFile(atPath: library) }

  /// A clock that is right.
  init(in folder: TemporaryFolder) throws {
    self.folder = folder
    try set("+0")
  }

  /// What a program must have in its environment to go by it.
  var environment: [String: String] {
    [
      "LD_PRELOAD": Self.library, "FAKETIME_TIMESTAMP_FILE": folder.file("clock"), "FAKETIME_NO_CACHE": "1",
      "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    ]
  }

  /// Removes what the library leaves in shared memory for a process that was killed.
  static func removeTraces(of process: Int32) {
    for name in ["faketime_shm_\(process)", "sem.faketime_sem_\(process)"] {
      try? FileManager.default.removeItem(atPath: "/dev/shm/\(name)")
    }
  }

  /// Steps it that far from the right time: `+1h`, `-400d`.
  func set(_ offset: String) throws { try folder.write(offset + "\n", to: "clock") }
}
