internal import Glibc

extension PasswordPool {
  /// How much of the machine hashing may take.
  ///
  /// Memory is bounded by the threads times the memory of a hash: 19 MiB each by default, and 256 MiB at most if hashes
  /// were brought from elsewhere.
  public struct Limits: Sendable, Equatable {
    /// How many hashes are computed at once, 1 or more.
    public var threads: Int
    /// How many may wait for their turn, 1 or more; whoever comes then is told `busy` at once.
    public var waiting: Int
    /// How long one may wait for its turn; it is told `busy` then, and no work is done for it.
    public var patience: Duration

    /// One thread less than there are cores but one at least, 32 waiting for each, and 800 ms of patience, which
    /// with the hash before it make less than a second, unless said otherwise; counts under 1 are 1.
    public init(threads: Int? = nil, waiting: Int? = nil, patience: Duration = .milliseconds(800)) {
      let threads = max(1, threads ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)
      self.threads = threads
      self.waiting = max(1, waiting ?? min(threads, 1_024) * 32)
      self.patience = patience
    }
  }
}
