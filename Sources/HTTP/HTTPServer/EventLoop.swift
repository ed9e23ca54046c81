internal import CHTTPEngine
internal import HTTPMessages

/// One thread of the engine, seen from Swift: it answers what the engine hands over, and runs the tasks of requests
/// that take longer.
///
/// A task that prefers it (SE-0417) runs on the thread that owns the connection, so an answer needs no hop to another.
///
/// Unchecked, because the compiler can't see what holds: everything that changes here is touched on the loop's own
/// thread only, from the engine's callbacks and from tasks that prefer this executor. ``enqueue(_:)`` comes from any
/// thread and touches only what never changes.
@safe
final class EventLoop: TaskExecutor, @unchecked Sendable {
  private let loop: OpaquePointer
  private let handler: any HTTPHandler
  private let standingFields: [UInt8]
  private let refusalID: (@Sendable () -> String)?
  private let completion: RunCompletion
  private var streams: [UInt: ResponseStream] = [:]
  private var response = HTTPResponseBuffer(capacity: 4096)
  private var date = HTTPDate()
  private var tasks: [UInt: Task<Void, Never>] = [:]
  private var answered: UInt = 0

  init(
    loop: OpaquePointer, handler: any HTTPHandler, configuration: HTTPServer.Configuration, completion: RunCompletion
  ) {
    unsafe self.loop = loop
    self.handler = handler
    standingFields = configuration.standingLines
    refusalID = configuration.refusalID
    self.completion = completion
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let unowned = UnownedJob(job)
    unsafe http_loop_enqueue(loop, unsafeBitCast(unowned, to: UnsafeMutableRawPointer.self))
  }

  /// Runs what ``enqueue(_:)`` gave to the engine.
  func run(_ job: UnsafeMutableRawPointer) {
    unsafe unsafeBitCast(job, to: UnownedJob.self).runSynchronously(on: asUnownedTaskExecutor())
  }

  /// Answers a request, at once or by a task.
  func handle(_ request: UnsafePointer<http_request>, of connection: ConnectionHandle) {
    let method = unsafe Self.method(request.pointee.method)
    prepare(for: connection, isHead: method == .head)
    let fields = unsafe UnsafeRawPointer(request.pointee.fields)?.assumingMemoryBound(
      to: HTTPRequestView.FieldSlice.self)
    let view = unsafe HTTPRequestView(
      method: method,
      target: UnsafeRawBufferPointer(start: request.pointee.target, count: request.pointee.target_length),
      fields: UnsafeBufferPointer(start: fields, count: request.pointee.field_count),
      body: UnsafeRawBufferPointer(start: request.pointee.body, count: request.pointee.body_length),
      peer: Unmanaged<PeerBox>.fromOpaque(request.pointee.peer).takeUnretainedValue().peer,
      isSecure: request.pointee.is_secure, waited: request.pointee.waited)
    if handler.respondAtOnce(to: view, into: &response) {
      send(to: connection)
    } else if view.waited > 0 || !fetches(for: view, of: connection) {
      respondLater(to: view.copy(), of: connection, isHead: method == .head)
    }
  }

  /// Whether what the answer needs is being fetched, after which the request comes again.
  private func fetches(for request: borrowing HTTPRequestView, of connection: ConnectionHandle) -> Bool {
    let began = ContinuousClock.now
    return handler.fetch(for: request) { connection.askAgain(after: ContinuousClock.now - began) }
  }

  /// Answers what the engine refused.
  func refuse(_ refusal: Int32, of connection: ConnectionHandle, isHead: Bool) {
    prepare(for: connection, isHead: isHead)
    let index = Int(refusal)
    let refusal = HTTPRefusal.allCases.indices.contains(index) ? HTTPRefusal.allCases[index] : .requestLine
    response.write(refusal.response(requestID: refusalID?()))
    send(to: connection)
  }

  /// Cancels what is in progress.
  func cancelAll() {
    for task in tasks.values { task.cancel() }
  }

  /// Says that the loop has nothing left to do, or has waited long enough.
  func finish() {
    completion.loopFinished()
  }

  private func respondLater(to request: HTTPRequest, of connection: ConnectionHandle, isHead: Bool) {
    answered = 0
    let task = Task.immediate(executorPreference: self) { [self] in
      let answer = await handler.respond(to: request)
      prepare(for: connection, isHead: isHead)
      response.write(answer, takesChunks: connection.takesChunks)
      if let body = answer.stream, !isHead, answer.mayHaveBody { return await stream(body, to: connection) }
      tasks[connection.key] = nil
      answered = connection.key
      send(to: connection)
    }
    // A handler that didn't have to wait has answered by now, and its task has nothing to be cancelled.
    guard answered != connection.key else { return }
    tasks[connection.key] = task
    if streams[connection.key]?.isOpen == false { task.cancel() }
  }

  private func stream(
    _ body: @Sendable (inout HTTPBodyWriter) async -> Void, to connection: ConnectionHandle
  ) async {
    let stream = ResponseStream(of: connection)
    streams[connection.key] = stream
    await stream.begin(response.bytes, isKept: response.keepsConnection)
    var writer = HTTPBodyWriter { piece in await stream.write(piece) }
    if stream.isOpen { await body(&writer) }
    streams[connection.key] = nil
    tasks[connection.key] = nil
    answered = connection.key
    connection.endStream()
  }

  /// The engine has handed over what a stream sent.
  func written(_ connection: ConnectionHandle) {
    streams[connection.key]?.written()
  }

  /// A stream should end.
  func interrupt(_ connection: ConnectionHandle, isConnected: Bool) {
    streams[connection.key]?.interrupt(isConnected: isConnected)
    tasks[connection.key]?.cancel()
  }

  private func prepare(for connection: ConnectionHandle, isHead: Bool) {
    if let line = date.lineIfChanged() { response.standingFields = line + standingFields }
    response.removeAll()
    response.keepsConnection = connection.isKept
    response.omitsBody = isHead
  }

  private func send(to connection: ConnectionHandle) {
    let isKept = response.keepsConnection
    unsafe response.bytes.withUnsafeBufferPointer { bytes in
      unsafe connection.answer(bytes, isKept: isKept)
    }
  }

  private static func method(_ number: Int32) -> HTTPMethod {
    switch number {
    case Int32(http_method_get): .get
    case Int32(http_method_head): .head
    case Int32(http_method_post): .post
    case Int32(http_method_put): .put
    case Int32(http_method_patch): .patch
    case Int32(http_method_delete): .delete
    case Int32(http_method_options): .options
    default: .other
    }
  }
}
