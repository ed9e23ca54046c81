internal import CThread
internal import Glibc

/// A thread of the operating system.
enum SystemThread {
  /// Starts a new thread, which ends with `body`.
  ///
  /// No signal is delivered to it: signals are the program's own affair.
  static func start(
    name: String, priority: ThreadPriority = .normal, _ body: @escaping @Sendable () -> Void
  ) throws(BlockingIOError) {
    let number = create(ThreadStart(name: name, priority: priority, body: body))
    guard number == 0 else {
      throw BlockingIOError(.noThread, "The system gives no thread (error \(number)).", number: number)
    }
  }

  private static func create(_ start: ThreadStart) -> Int32 {
    let retained = unsafe Unmanaged.passRetained(start)
    var thread = pthread_t()
    let number = unsafe pthread_create(&thread, nil, runThread, retained.toOpaque())
    if number == 0 { pthread_detach(thread) } else { unsafe retained.release() }
    return number
  }
}

/// What a new thread is to do.
private final class ThreadStart: Sendable {
  let name: String
  let priority: ThreadPriority
  let body: @Sendable () -> Void

  init(name: String, priority: ThreadPriority, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.priority = priority
    self.body = body
  }

  func run() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, nil)
    showName()
    takePriority()
    body()
  }

  /// Names the calling thread for `ps` and debuggers.
  ///
  /// glibc shows its own call for that to GNU sources only, and the file that does the same is closed to a process that
  /// keeps its memory to itself. The kernel cuts the name off at 15 bytes (prctl(2), PR_SET_NAME).
  private func showName() {
    _ = unsafe name.withCString { unsafe sesame_thread_set_name($0) }
  }

  /// Gives the calling thread its niceness.
  ///
  /// On Linux niceness is a thread's own, and the number 0 names the caller (setpriority(2), "C library/kernel
  /// differences"). Asking for less is always allowed; were it refused, the thread would work as any other.
  private func takePriority() {
    guard priority == .background else { return }
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
  }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  unsafe Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().run()
  return nil
}
