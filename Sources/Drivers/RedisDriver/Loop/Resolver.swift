internal import BlockingIO
internal import Synchronization

/// Looks up the names of hosts on a thread of its own, for the system's way of it may wait for servers.
final class Resolver: Sendable {
  private struct Job: Sendable {
    let host: String
    let inbox: Inbox
  }

  private let workers: BlockingWorkers<Job>
  private let underWay: UnderWay

  init() throws(RedisError) {
    let underWay = UnderWay()
    self.underWay = underWay
    do throws(BlockingIOError) {
      workers = try BlockingWorkers(name: "redis-names", capacity: 64) { _ in
        { batch in
          for job in batch {
            let addresses = SocketAddress.find(host: job.host, port: 1, isLiteral: false)
            underWay.remove(job.host)
            job.inbox.post(.resolved(host: job.host, addresses))
          }
        }
      }
    } catch { throw RedisError(.stopped, error.description) }
  }

  /// Looks a host up, unless that is under way, and posts its addresses; their port is not told.
  func find(host: String, for inbox: Inbox) {
    guard underWay.insert(host) else { return }
    do throws(BlockingIOError) {
      try workers.submit(Job(host: host, inbox: inbox))
    } catch { underWay.remove(host) }
  }

  func stop() async { await workers.stop() }
}

/// The hosts that are being looked up.
private final class UnderWay: Sendable {
  private let hosts = Mutex<Set<String>>([])

  func insert(_ host: String) -> Bool { hosts.withLock { $0.insert(host).inserted } }

  func remove(_ host: String) { hosts.withLock { _ = $0.remove(host) } }
}
