import Synchronization

/// Runs the tasks of one simulated node step by step, on the thread and in the order that the simulation chooses.
final class SteppedExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
  }

  /// How many steps could be made.
  var ready: Int { jobs.withLock { $0.count } }

  /// Makes one of the steps that could be made: up to where its task waits for something.
  func step(_ index: Int) {
    let job = jobs.withLock { $0.remove(at: index) }
    unsafe job.runSynchronously(on: asUnownedTaskExecutor())
  }
}
