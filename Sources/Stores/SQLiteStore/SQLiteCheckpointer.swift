internal import BlockingIO
internal import SQLiteDriver
internal import Synchronization

/// Copies the write-ahead log into the database, without making writes wait for it.
///
/// The bulk is copied on a thread of its own while writing goes on. Writes keep adding to the log meanwhile, so that
/// this alone would never come to its end, and only a log that is copied whole is begun anew; so the writer itself
/// copies the last few pages between two transactions.
final class SQLiteCheckpointer: Sendable {
  private enum Phase { case idle, copying, finishing }

  private final class Progress: Sendable {
    let phase = Mutex(Phase.idle)
  }

  private let progress: Progress
  private let threshold: Int
  private let workers: BlockingWorkers<Void>
  /// When so few pages are left, the writer copies them.
  private static let remainder = 512
  /// How often the bulk is gone after while writes keep adding to it.
  private static let passes = 4

  init(path: String, threshold: Int) throws(BlockingIOError) {
    self.threshold = max(1, threshold)
    let progress = Progress()
    self.progress = progress
    workers = try BlockingWorkers(name: "checkpoint", capacity: 1) { _ in
      var connection: SQLiteConnection?
      return { _ in
        let isCopied = Self.copy(path, &connection)
        progress.phase.withLock { $0 = isCopied ? .finishing : .idle }
      }
    }
  }

  /// Called by the writer after each batch.
  func afterCommit(_ connection: SQLiteConnection) {
    let isFinishing = progress.phase.withLock { phase in
      guard phase == .finishing else { return false }
      phase = .idle
      return true
    }
    if isFinishing {
      // A failure, such as a full disk, leaves the log as it is: the next time will do.
      _ = try? connection.checkpoint()
    } else if connection.pagesInLog >= threshold {
      begin()
    }
  }

  /// Begins to copy, unless that is under way.
  func begin() {
    let begins = progress.phase.withLock { phase in
      guard phase == .idle else { return false }
      phase = .copying
      return true
    }
    guard begins else { return }
    do { try workers.submit(()) } catch { progress.phase.withLock { $0 = .idle } }
  }

  /// Ends the thread, after what it is about.
  func stop() async { await workers.stop() }

  private static func copy(_ path: String, _ connection: inout SQLiteConnection?) -> Bool {
    do {
      let opened = try connection ?? SQLiteConnection(path: path, mode: .readWrite)
      connection = opened
      for _ in 0..<passes where try opened.checkpoint() < remainder { break }
      return true
    } catch {
      connection = nil
      return false
    }
  }
}
