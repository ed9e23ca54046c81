import Glibc

/// What users do in a day: assumptions, each of them said in docs/scale.md.
struct Demand {
  /// Accounts, each with one live session: on the phone, say, where it lasts for weeks.
  var users = 100e6
  /// The share of users who come on a day.
  var activeShare = 0.3
  /// How often each of these comes.
  var visitsPerDay = 4.0
  /// Requests of a visit that are verified.
  var requestsPerVisit = 20.0
  /// Seconds from one to the next.
  var requestInterval = 30.0
  /// How much busier the busiest hour is than the mean.
  var peak = 3.0
  /// Log-ins on a day, for each user who comes.
  var loginsPerDay = 1.0 / 3
  /// The share of sessions that users end themselves; the reaper closes the others.
  var logoutShare = 0.5
  /// Renewals of the token in a visit.
  var renewalsPerVisit = 1.0

  private static let secondsPerDay = 86_400.0

  private var visitsPerSecond: Double { users * activeShare * visitsPerDay / Self.secondsPerDay }
  private var loginsPerSecond: Double { users * activeShare * loginsPerDay / Self.secondsPerDay }

  /// How long a visit lasts, in seconds.
  var visitLength: Double { requestsPerVisit * requestInterval }
  /// Visits under way at the peak.
  var visitors: Double { visitsPerSecond * peak * visitLength }

  // What follows is per second, at the peak.
  var verifications: Double { visitsPerSecond * requestsPerVisit * peak }
  var openings: Double { loginsPerSecond * peak }
  var closings: Double { loginsPerSecond * logoutShare * peak }
  var reapings: Double { loginsPerSecond * (1 - logoutShare) * peak }
  var renewals: Double { visitsPerSecond * renewalsPerVisit * peak }
  /// Changes that every node is told of.
  var changes: Double { openings + renewals + closings + reapings }

  /// Request times that the nodes write in a second at the peak.
  ///
  /// Each node writes one for each session of which it had a request within the interval.
  ///
  /// - Parameters:
  ///   - interval: `session.touch_interval`, in seconds.
  ///   - nodes: among how many nodes the requests of one session are spread; 1 if each session has its own.
  /// - Returns: writes of one request time each, many of which share a transaction.
  func touches(interval: Double, nodes: Double) -> Double {
    let windows = interval <= requestInterval ? requestsPerVisit : visitLength / interval + 1
    let requestsInOne = requestsPerVisit / windows
    let writers = nodes * (1 - pow(1 - 1 / nodes, requestsInOne))
    return visitsPerSecond * peak * windows * writers
  }

  /// Closed sessions in a store that keeps them for so many days.
  func closedSessions(days: Double) -> Double { loginsPerSecond * Self.secondsPerDay * days }

  /// Entries that the event log gets on a day.
  var eventsPerDay: Double { changes / peak * Self.secondsPerDay }

}
