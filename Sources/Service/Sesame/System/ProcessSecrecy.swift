internal import CProcess
import Glibc

/// Who else may see this process's memory, where the key ring, passwords and tokens are while they are used.
enum ProcessSecrecy {
  /// Lets no crash leave a core dump, and no other program read the memory or the environment, but root's.
  ///
  /// A program that is started by this one is readable again, but leaves no core dump either. Where the system refuses,
  /// all stays as it was.
  /// Source: https://man7.org/linux/man-pages/man2/prctl.2.html, PR_SET_DUMPABLE
  static func begin() {
    _ = sesame_process_set_dumpable(0)
    setCoreLimit { _ in 0 }
  }

  /// Allows both again, core dumps as large as the administrator lets them be.
  static func end() {
    _ = sesame_process_set_dumpable(1)
    setCoreLimit { limit in limit.rlim_max }
  }

  private static func setCoreLimit(_ choose: (rlimit) -> rlim_t) {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = choose(limit)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }
}
