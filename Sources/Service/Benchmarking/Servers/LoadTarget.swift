internal import Glibc

/// What a load is sent to.
struct LoadTarget {
  /// Where, such as "http://127.0.0.1:8080".
  let address: String
  /// The service key, where one is needed.
  var key: String?
  /// The processes whose CPU time counts; none if they are another machine's.
  let processes: () -> [pid_t]
}
