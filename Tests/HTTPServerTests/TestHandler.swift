import HTTPMessages
import Foundation
import Synchronization

/// Answers at once, except below "/slow"; both ways say what they saw.
final class TestHandler: HTTPHandler {
  let slowStarted = Gate()
  let slowMayEnd = Gate()
  private let cancelled = Atomic(false)
  /// Opens when a stream that was held up has come to its end.
  let streamEnded = Gate()
  let piecesTaken = Atomic(0)
  let lastWasTaken = Atomic(false)

  var wasCancelled: Bool { cancelled.load(ordering: .sequentiallyConsistent) }

  /// How many pieces of a large stream were taken.
  var takenCount: Int { piecesTaken.load(ordering: .sequentiallyConsistent) }

  /// Whether the last piece of a stream that was held up was still wanted.
  var lastWasWanted: Bool { lastWasTaken.load(ordering: .sequentiallyConsistent) }

  func respondAtOnce(to request: borrowing HTTPRequestView, into response: inout HTTPResponseBuffer) -> Bool {
    let target = unsafe Array(request.target)
    if target.starts(with: "/slow".utf8) { return false }
    if target.starts(with: "/fetched/never".utf8) { return false }
    if target.starts(with: "/fetched".utf8), request.waited == 0 { return false }
    if request.targetIs("/nothing") {
      response.begin("HTTP/1.1 204 No Content\r\n", contentLength: nil)
      response.beginBody()
      return true
    }
    if request.targetIs("/large") {
      let body = [UInt8](repeating: 0x61, count: 8 << 20)
      response.begin("HTTP/1.1 200 OK\r\n", contentLength: body.count)
      response.beginBody()
      response.appendBody(body)
      return true
    }
    let body = unsafe Self.body(
      request.method, target: target, body: Array(request.body), peer: request.peer, isSecure: request.isSecure)
    response.begin("HTTP/1.1 200 OK\r\n", contentLength: body.count)
    response.addField("Content-Type: text/plain\r\n")
    response.beginBody()
    response.appendBody(body)
    return true
  }

  /// Below "/fetched": in a thread of another's, or with "/fetched/soon" before it returns.
  func fetch(for request: borrowing HTTPRequestView, then: @escaping @Sendable () -> Void) -> Bool {
    let target = unsafe Array(request.target)
    guard target.starts(with: "/fetched".utf8) else { return false }
    if target.starts(with: "/fetched/soon".utf8) { then() } else { Task.detached { then() } }
    return true
  }

  func respond(to request: HTTPRequest) async -> HTTPResponse {
    let isLate = request.path == Array("/slow/late".utf8)
    if isLate || request.path == Array("/slow/wait".utf8) {
      slowStarted.open()
      await withTaskCancellationHandler {
        await slowMayEnd.wait()
      } onCancel: {
        cancelled.store(true, ordering: .sequentiallyConsistent)
        slowMayEnd.open()
      }
    }
    if isLate { return lateStream() }
    if request.path == Array("/slow/yield".utf8) { await Task.yield() }
    if request.path == Array("/slow/thread".utf8) {
      await Elsewhere().visit()
      return HTTPResponse(status: .ok, body: Array(currentThreadName().utf8))
    }
    if request.path.starts(with: "/slow/stream".utf8) { return streamed(request) }
    if request.path == Array("/slow/nothing".utf8) {
      return HTTPResponse(status: .noContent, body: Array("never sent".utf8))
    }
    let body = Self.body(
      request.method, target: request.path + (request.query.map { [0x3F] + $0 } ?? []), body: request.body,
      peer: request.peer, isSecure: request.isSecure)
    var fields = [HTTPField("Content-Type", "text/plain")]
    if request.path == Array("/slow/cached".utf8) { fields.append(HTTPField("cache-control", "max-age=60")) }
    return HTTPResponse(status: .ok, fields: fields, body: body)
  }

  /// Method, target, body, peer and scheme, one after the other.
  private static func body(
    _ method: HTTPMethod, target: [UInt8], body: [UInt8], peer: HTTPPeer, isSecure: Bool
  ) -> [UInt8] {
    Array("\(method.rawValue) ".utf8) + target + Array(" \(peer.address) \(isSecure ? "tls" : "plain") ".utf8) + body
  }
}

/// Opens once; whoever waits for it goes on then.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}

/// Waits on a task that runs on the global pool.
actor Elsewhere {
  func visit() async {
    await Task.detached { await Task.yield() }.value
  }
}

/// The name of the thread that calls, as the kernel tells it.
func currentThreadName() -> String {
  let name = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
  return String(name?.dropLast() ?? "")
}
