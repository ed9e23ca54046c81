internal import Glibc

/// A process that this one has started, and that ends with this value at the latest.
///
/// It has a process group of its own, so that an interruption from the keyboard reaches this process alone, which then
/// ends what it has started in order.
final class ChildProcess {
  let id: pid_t
  /// The exit status, or 128 and the number of the signal; `nil` while it runs.
  private(set) var status: Int32?

  /// How long a process may take to end when it is asked to.
  private static let patience: Duration = .seconds(15)

  /// Starts a command, found on the PATH, in `folder`; what it writes goes to files.
  ///
  /// It gets none of this process's variables that could be settings of the server.
  init(
    _ command: [String], in folder: String, output: String, errors: String, variables: [String: String] = [:]
  ) throws(BenchmarkError) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let writing = O_WRONLY | O_CREAT | O_TRUNC
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, writing, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, writing, 0o600)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // The signals that this process takes one by one are the child's to take as it likes.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    let inherited = Environment.lines.filter { !$0.hasPrefix("SESAME_") }
    let words = ["env", "--chdir=\(folder)"] + command
    var child: pid_t = 0
    let code = unsafe CStringArray.with(words) { words in
      unsafe CStringArray.with(inherited + variables.map { "\($0.key)=\($0.value)" }) { variables in
        unsafe posix_spawn(&child, "/usr/bin/env", &actions, &attributes, words, variables)
      }
    }
    guard code == 0 else {
      throw BenchmarkError(.failed, "\(command.first ?? "A program") can't be started: error \(code).")
    }
    id = child
  }

  deinit { end() }

  /// Whether it has ended by itself or by ``end()``.
  var hasEnded: Bool {
    if status == nil { look(WNOHANG) }
    return status != nil
  }

  /// Asks it to end, and sees to it; does nothing if it has ended.
  ///
  /// Blocks, for what is started must be gone whatever becomes of the task.
  func end() {
    guard !hasEnded else { return }
    kill(id, SIGTERM)
    let deadline = ContinuousClock.now + Self.patience
    while !hasEnded, ContinuousClock.now < deadline { usleep(5000) }
    guard !hasEnded else { return }
    kill(-id, SIGKILL)
    look(0)
  }

  private func look(_ options: Int32) {
    var ending: Int32 = 0
    guard unsafe waitpid(id, &ending, options) == id else { return }
    let signal = ending & 0x7F
    status = signal == 0 ? (ending >> 8) & 0xFF : 128 + signal
  }
}

/// Arrays of C strings that end with a null.
private enum CStringArray {
  /// Calls `body` with such an array, valid during the call.
  static func with<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var copies = unsafe texts.map { unsafe strdup($0) }
    unsafe copies.append(nil)
    defer { for index in texts.indices { unsafe free(copies[index]) } }
    return unsafe copies.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("an array with a null in it is not empty") }
      return unsafe body(start)
    }
  }
}
