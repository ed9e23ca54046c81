internal import BlockingIO
internal import Glibc

/// Threads that each own a client of a pool, fed from one bounded queue.
///
/// A thread takes what is waiting, in the order of its coming. Its client is taken from the pool for its first batch,
/// and given back when it ends.
public final class MongoThreads<Job: Sendable>: Sendable {
  private let workers: BlockingWorkers<Job>

  /// Starts the threads.
  ///
  /// - Parameters:
  ///   - name: shown by `ps` and debuggers; cut to 15 bytes.
  ///   - threads: how many, 1 or more.
  ///   - capacity: how many jobs may wait.
  ///   - batchLimit: how many jobs a thread takes at once.
  ///   - makeWorker: runs on each thread first, and answers what handles that thread's batches.
  /// - Throws: `exhausted` if a thread is refused.
  public init(
    name: String, threads: Int, capacity: Int, batchLimit: Int,
    makeWorker: @escaping @Sendable () -> ([Job]) -> Void
  ) throws(MongoError) {
    do {
      workers = try BlockingWorkers(name: name, threads: threads, capacity: capacity, batchLimit: batchLimit) { _ in
        makeWorker()
      }
    } catch { throw MongoError(error) }
  }

  /// Puts a job at the end of the queue; never waits.
  public func submit(_ job: Job) throws(MongoError) {
    do { try workers.submit(job) } catch { throw MongoError(error) }
  }

  /// Refuses further jobs, finishes those accepted, and returns when the threads are gone.
  public func stop() async { await workers.stop() }
}

extension MongoError {
  fileprivate init(_ error: BlockingIOError) {
    switch error.code {
    case .queueFull: self.init(.busy, error.description)
    case .stopped: self.init(.stopped, error.description)
    default: self.init(.exhausted, error.description)
    }
  }
}

/// Time for threads that block anyway.
public enum MongoTime {
  /// Holds the calling thread, which must be one of ``MongoThreads``, for so many milliseconds.
  public static func pause(milliseconds: Int64) { pause(microseconds: milliseconds * 1000) }

  /// Holds the calling thread, which must be one of ``MongoThreads``, for so many microseconds.
  public static func pause(microseconds: Int64) {
    var time = timespec(tv_sec: Int(microseconds / 1_000_000), tv_nsec: Int(microseconds % 1_000_000) * 1000)
    // No signal cuts it short: these threads take none.
    unsafe nanosleep(&time, nil)
  }

  /// The time of this machine's clock, in milliseconds since 1970 UTC.
  public static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
