/// A server with sessions that can be verified.
struct Subject {
  let target: LoadTarget
  /// The file of its sessions, for the load scripts.
  let sessions: String
  /// How many sessions it has in all.
  let count: Int
  /// The process; `nil` if it is not this program's.
  let server: MeasuredServer?
}
