import BlockingIO
import Synchronization

/// Sends requests to servers that may be slow, broken or hostile, and bounds what each may cost.
///
/// Certificates are verified. Redirects are not followed, and there are no cookies, no `.netrc`, no proxies from the
/// environment and no compression. Each request occupies one of a few threads; that others must wait for it counts
/// towards their own total time. A connection may be used again.
public final class HTTPClient: Sendable {
  /// Which servers may be asked without TLS.
  public enum PlainServers: Sendable {
    /// Those of this machine: `localhost`, 127.0.0.0/8 and ::1.
    case loopback
    /// All.
    case all
  }

  private let workers: BlockingWorkers<Transfer>
  private let plainServers: PlainServers
  private let isStopping: StopFlag

  /// A client with its threads.
  ///
  /// - Parameters:
  ///   - threads: How many requests go on at once.
  ///   - capacity: How many may wait.
  ///   - plainServers: Which servers may be asked without TLS.
  ///   - certificateAuthorities: A PEM file of the authorities that are trusted instead of the system's.
  /// - Throws: `failed` if the system refuses a thread.
  public init(
    threads: Int = 2, capacity: Int = 64, plainServers: PlainServers = .loopback, certificateAuthorities: String? = nil
  ) throws(HTTPClientError) {
    let isStopping = StopFlag()
    self.isStopping = isStopping
    self.plainServers = plainServers
    do throws(BlockingIOError) {
      workers = try BlockingWorkers(name: "http-client", threads: threads, capacity: capacity) { _ in
        let easy = EasyTransfer(certificateAuthorities: certificateAuthorities, isStopping: isStopping)
        return { batch in
          for transfer in batch {
            transfer.finish(easy?.perform(transfer) ?? .failure(HTTPClientError(.failed, "libcurl has no memory.")))
          }
        }
      }
    } catch {
      throw HTTPClientError(.failed, error.description)
    }
  }

  /// Sends a request and waits for the whole response.
  ///
  /// Cancelling the task does not end the request: its total time does.
  public func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
    try await send(request, handler: nil)
  }

  /// Sends a request and hands over the body of a good response (200 to 299) piece by piece, as it comes.
  ///
  /// `receive` runs on the thread of the request, one call at a time, and the server waits while it does; `false` ends
  /// the request with `stopped`. The response has a body only if it is not a good one. The limit on the body's length
  /// does not hold for what is handed over, and a response without an end ends at the total time.
  public func send(
    _ request: HTTPClientRequest, receive: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(HTTPClientError) -> HTTPClientResponse {
    try await send(request, handler: receive)
  }

  private func send(
    _ request: HTTPClientRequest, handler: (@Sendable ([UInt8]) -> Bool)?
  ) async throws(HTTPClientError) -> HTTPClientResponse {
    let address = try RequestAddress(request.address, plainServers: plainServers)
    let workers = workers
    let result = await withCheckedContinuation { continuation in
      let transfer = Transfer(
        request: request, address: address, begin: .now, receive: handler, continuation: continuation)
      do throws(BlockingIOError) {
        try workers.submit(transfer)
      } catch {
        transfer.finish(
          .failure(
            HTTPClientError(error.code == .queueFull ? .busy : .stopped, "The request was not sent: \(error)")))
      }
    }
    return try result.get()
  }

  /// Ends the requests under way with `stopped` within a second, refuses others, and lets the threads go.
  public func stop() async {
    isStopping.set()
    await workers.stop()
  }
}

/// A request on its way to the thread that sends it.
struct Transfer: Sendable {
  let request: HTTPClientRequest
  let address: RequestAddress
  let begin: ContinuousClock.Instant
  /// Takes the body of a good response as it comes; `nil` if it is to be kept.
  let receive: (@Sendable ([UInt8]) -> Bool)?
  let continuation: CheckedContinuation<Result<HTTPClientResponse, HTTPClientError>, Never>

  func finish(_ result: Result<HTTPClientResponse, HTTPClientError>) { continuation.resume(returning: result) }
}

/// Whether the client is being stopped, as its threads see it.
final class StopFlag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { value.load(ordering: .relaxed) }

  func set() { value.store(true, ordering: .relaxed) }
}
