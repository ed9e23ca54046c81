/// How much of a busy machine a thread may claim.
public enum ThreadPriority: Sendable {
  /// As much as any other.
  case normal
  /// What the others leave: niceness 19. On a machine with nothing else to do it is as fast as any.
  case background
}
