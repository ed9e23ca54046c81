internal import CHTTPEngine
internal import HTTPMessages

/// What the engine calls: each entry finds its object behind the pointer and calls the method of that name.
let engineCallbacks = unsafe http_callbacks(
  opened: { _, address, port in
    let peer: HTTPPeer =
      if let address = unsafe address {
        .network(address: unsafe String(cString: address), port: port)
      } else {
        .unixSocket
      }
    return unsafe Unmanaged.passRetained(PeerBox(peer)).toOpaque()
  },
  closed: { peer in
    unsafe Unmanaged<PeerBox>.fromOpaque(peer).release()
  },
  request: { context, connection, request in
    unsafe eventLoop(context).handle(request, of: ConnectionHandle(connection))
  },
  refused: { context, connection, refusal, isHead in
    unsafe eventLoop(context).refuse(refusal, of: ConnectionHandle(connection), isHead: isHead)
  },
  written: { context, connection in
    unsafe eventLoop(context).written(ConnectionHandle(connection))
  },
  interrupted: { context, connection, isOpen in
    unsafe eventLoop(context).interrupt(ConnectionHandle(connection), isConnected: isOpen)
  },
  job: { context, job in
    unsafe eventLoop(context).run(job)
  },
  cancel: { context in
    unsafe eventLoop(context).cancelAll()
  },
  finished: { context in
    unsafe eventLoop(context).finish()
  },
  ended: { context in
    unsafe Unmanaged<EventLoop>.fromOpaque(context).release()
  })

/// The loop behind a context; its thread holds a reference until `ended`.
private func eventLoop(_ context: UnsafeMutableRawPointer) -> EventLoop {
  unsafe Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue()
}
