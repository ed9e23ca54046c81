import Glibc
import Synchronization

/// The signals that a server answers to, taken one at a time on a thread of their own.
///
/// They are blocked in every thread and fetched with `sigwait`, so that no code ever runs in a signal handler.
enum Signals {
  /// What a signal asks for.
  enum Request: Sendable {
    /// Finish and end (SIGTERM, SIGINT).
    case stop
    /// Read the certificate and the key ring again (SIGHUP).
    case reload
  }

  /// Blocks the signals in this thread and in those it starts; call it before any other thread runs.
  ///
  /// A broken pipe is an error of the call that meets it, never a signal.
  static func block() {
    signal(SIGPIPE, SIG_IGN)
    var set = Self.set
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Calls `handle` for each signal, on a thread that lasts as long as the process.
  static func watch(_ handle: @escaping @Sendable (Request) -> Void) {
    let box = unsafe Unmanaged.passRetained(Handler(handle))
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let handler = unsafe Unmanaged<Handler>.fromOpaque(argument).takeRetainedValue()
        Signals.wait(handler)
        return nil
      }, box.toOpaque())
    precondition(code == 0, "no thread for signals")
    pthread_detach(thread)
  }

  private static func wait(_ handler: Handler) {
    var set = Self.set
    while true {
      var number: Int32 = 0
      guard unsafe sigwait(&set, &number) == 0 else { continue }
      handler.handle(number == SIGHUP ? .reload : .stop)
    }
  }

  private static var set: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
    return set
  }

  private final class Handler: Sendable {
    let handle: @Sendable (Request) -> Void
    init(_ handle: @escaping @Sendable (Request) -> Void) { self.handle = handle }
  }
}
