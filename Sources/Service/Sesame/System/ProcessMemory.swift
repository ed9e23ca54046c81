internal import CMalloc

/// The memory that this process holds.
enum ProcessMemory {
  /// Gives what was freed, and lies between what is in use, back to the system.
  ///
  /// The allocator itself gives back only what lies at the end.
  /// Source: https://man7.org/linux/man-pages/man3/malloc_trim.3.html
  static func giveBack() { malloc_trim(0) }
}
