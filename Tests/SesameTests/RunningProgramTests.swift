import Testing

/// The whole program, started as users start it.
///
/// One test at a time: each has processes of its own, and there are few cores.
@Suite(.serialized) enum RunningProgramTests {}
