internal import Foundation
internal import Glibc
internal import Synchronization

/// A process that a test started, its output captured.
///
/// Started with `posix_spawn`: Foundation's `Process` is not safe while other threads of the test open and close
/// hundreds of files. Unchecked, because the compiler can't see what holds: what changes is touched under the
/// condition's lock only.
public final class ChildProcess: @unchecked Sendable {
  /// What it writes to standard output.
  public let output: CapturedLines
  /// What it writes to standard error.
  public let errors: CapturedLines
  /// Its process id.
  public let number: Int32
  private let condition = NSCondition()
  private var status: Int32?

  /// Why a process could not be started.
  public struct StartFailure: Error {
    /// The program.
    public let program: String
    /// The system's error number.
    public let code: Int32
  }

  /// Starts a program, found on the PATH unless `program` has a slash, in `folder`.
  ///
  /// It inherits nothing from the test's environment that could be a setting of the program under test.
  public init(
    _ program: String, _ arguments: [String], in folder: String = "/", environment: [String: String] = [:]
  ) throws {
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SESAME_") }
    variables.merge(environment) { _, given in given }
    // One at a time, so that no child inherits the pipes of another, which would then never end.
    let (child, standardOutput, standardError) = try Self.spawning.withLock { _ in
      let standardOutput = try Self.pipe(for: program)
      let standardError = try Self.pipe(for: program)
      let child = try Self.spawn(
        ["env", "--chdir=\(folder)", program] + arguments, variables.map { "\($0.key)=\($0.value)" },
        output: standardOutput.writing, errors: standardError.writing)
      close(standardOutput.writing)
      close(standardError.writing)
      return (child, standardOutput.reading, standardError.reading)
    }
    output = CapturedLines(reading: standardOutput)
    errors = CapturedLines(reading: standardError)
    number = child
    let thread = Thread { [weak self] in
      var ending: Int32 = 0
      while unsafe waitpid(child, &ending, 0) < 0, errno == EINTR {}
      self?.end(with: ending)
    }
    thread.start()
  }

  private static let spawning = Mutex(())

  private static func spawn(
    _ words: [String], _ variables: [String], output: Int32, errors: Int32
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // Signals that this process blocks or ignores are none of the child's business.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var child: pid_t = 0
    let code = unsafe Self.withCStrings(words) { words in
      unsafe Self.withCStrings(variables) { variables in
        unsafe posix_spawn(&child, "/usr/bin/env", &actions, &attributes, words, variables)
      }
    }
    guard code == 0 else { throw StartFailure(program: words.joined(separator: " "), code: code) }
    return child
  }

  deinit { send(SIGKILL) }

  /// Sends a signal if the process still runs.
  public func send(_ signal: Int32) {
    condition.withLock {
      if status == nil { kill(number, signal) }
    }
  }

  /// Waits for the end, and answers the exit status, or 128 and the number of the signal; `nil` if time is up.
  public func waitForEnd(limit: Duration = .seconds(30)) -> Int32? {
    let end = Date() + Double(limit.components.seconds)
    condition.lock()
    defer { condition.unlock() }
    while status == nil, condition.wait(until: end) {}
    return status
  }

  private func end(with ending: Int32) {
    let signal = ending & 0x7F
    condition.withLock {
      status = signal == 0 ? (ending >> 8) & 0xFF : 128 + signal
      condition.broadcast()
    }
  }

  private static func pipe(for program: String) throws -> (reading: Int32, writing: Int32) {
    var ends: (Int32, Int32) = (0, 0)
    let code = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
      unsafe Glibc.pipe(bytes.assumingMemoryBound(to: Int32.self).baseAddress)
    }
    guard code == 0 else { throw StartFailure(program: program, code: errno) }
    for end in [ends.0, ends.1] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends.0, ends.1)
  }

  /// Calls `body` with a null-terminated array of C strings, valid during the call.
  private static func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var copies = unsafe texts.map { unsafe strdup($0) }
    unsafe copies.append(nil)
    defer { for index in 0..<texts.count { unsafe free(copies[index]) } }
    return unsafe copies.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("an array with a null in it is not empty") }
      return unsafe body(start)
    }
  }
}
