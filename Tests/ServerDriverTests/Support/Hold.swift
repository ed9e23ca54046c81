import Foundation
import Glibc

/// Stops a process, and returns when all its threads stand: on a busy machine some run on for a moment.
func hold(_ process: pid_t) {
  kill(process, SIGSTOP)
  let folder = "/proc/\(process)/task"
  while let threads = try? FileManager.default.contentsOfDirectory(atPath: folder) {
    let isRunning = threads.contains { thread in
      let state = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8)
      return state?.split(separator: ")").last.map { !"TtZX".contains($0.dropFirst().prefix(1)) } ?? false
    }
    guard isRunning else { return }
    sched_yield()
  }
}
