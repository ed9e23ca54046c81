import Console
import SessionCore

/// Takes a sample for the console's history every few seconds.
struct Sampler: Sendable {
  let services: Services
  let recorder: EventRecorder
  let requests: RequestRecorder
  let history: History

  /// Samples until it is cancelled.
  func run() async {
    while !Task.isCancelled {
      history.take(await sample())
      try? await Task.sleep(for: .milliseconds(History.pace.milliseconds))
    }
  }

  private func sample() async -> Sample {
    let clock = ContinuousClock()
    let began = clock.now
    let isWell = (try? await services.store.check()) != nil
    let took = began.duration(to: clock.now)
    var sample = Sample(at: services.sessions.clock.now())
    sample.live = recorder.live
    sample.opened = recorder.openedCount
    (sample.logins, sample.refusals) = services.logEvents.counts
    sample.closed = recorder.closedCounts
    sample.latencies = requests.verificationCounts
    if isWell { sample.storeTime = Self.microseconds(took) }
    return sample
  }

  private static func microseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    return UInt64(clamping: seconds) &* 1_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000_000)
  }
}
