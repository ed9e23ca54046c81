import Foundation
import Glibc
import Synchronization

/// A server's process that a test has started, and may kill, hold and let go on.
final class ServerProcess: Sendable {
  struct StartFailure: Error {
    let program: String
    let code: Int32
  }

  let number: Int32
  private let isOver = Mutex(false)

  /// Starts a program by its path, in a folder; what it writes goes to the file "output" there.
  init(_ program: String, _ arguments: [String], in folder: String) throws {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(
      &actions, 1, folder + "/output", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var child: pid_t = 0
    let words = ["/usr/bin/env", "--chdir=" + folder, program] + arguments
    var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    let code = unsafe posix_spawn(&child, "/usr/bin/env", &actions, &attributes, &pointers, environ)
    guard code == 0 else { throw StartFailure(program: program, code: code) }
    number = child
  }

  deinit { end() }

  /// Holds the process, so that it neither answers nor closes anything.
  func hold() { ServerDriverTests.hold(number) }

  /// Lets a held process go on.
  func goOn() { signal(SIGCONT) }

  /// Kills the process, and returns when it is gone; may be called again.
  func end() {
    isOver.withLock { isOver in
      guard !isOver else { return }
      isOver = true
      kill(number, SIGKILL)
      var status: Int32 = 0
      while unsafe waitpid(number, &status, 0) < 0, errno == EINTR {}
    }
  }

  private func signal(_ signal: Int32) {
    isOver.withLock { isOver in
      if !isOver { kill(number, signal) }
    }
  }
}

/// A port that nobody uses at present.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let code = unsafe withUnsafeMutablePointer(to: &address) { address in
    unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      unsafe bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : errno
    }
  }
  guard code == 0 else { throw ServerProcess.StartFailure(program: "bind", code: code) }
  return Int(UInt16(bigEndian: address.sin_port))
}
