import Glibc
import Synchronization

/// The signals that a server answers to, taken one at a time by the main thread.
///
/// They are blocked in every thread and fetched with `sigwait`, so that no code ever runs in a signal handler. The main
/// thread must do it: were it left to Dispatch, that would let it take signals unblocked.
enum Signals {
  /// What a signal asks for.
  enum Request: Sendable {
    /// Finish and end (SIGTERM, SIGINT).
    case stop
    /// Read the certificate and the key ring again (SIGHUP).
    case reload
  }

  private static let handler = Mutex<(@Sendable (Request) -> Void)?>(nil)

  /// Calls `handle` for each signal from now on.
  static func watch(_ handle: @escaping @Sendable (Request) -> Void) {
    handler.withLock { $0 = handle }
  }

  /// Blocks the signals in this thread and in those it starts; call it before any other thread runs.
  ///
  /// A broken pipe is an error of the call that meets it, never a signal.
  static func block() {
    signal(SIGPIPE, SIG_IGN)
    var set = Self.set
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Takes signals for ever; one that nobody watches for ends the process as if it had not been blocked.
  static func take() -> Never {
    var set = Self.set
    while true {
      var number: Int32 = 0
      guard unsafe sigwait(&set, &number) == 0 else { continue }
      if let handle = handler.withLock({ $0 }) {
        handle(number == SIGHUP ? .reload : .stop)
      } else {
        _exit(128 + number)
      }
    }
  }

  private static var set: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
    return set
  }
}
