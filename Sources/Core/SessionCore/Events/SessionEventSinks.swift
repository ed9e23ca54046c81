/// Several sinks as one.
public struct SessionEventSinks: SessionEventSink {
  private let sinks: [any SessionEventSink]

  /// Tells each of `sinks`, in their order.
  public init(_ sinks: any SessionEventSink...) { self.sinks = sinks }

  /// Passes the event on.
  public func record(_ event: SessionEvent) {
    for sink in sinks { sink.record(event) }
  }
}
