import Glibc
import Sesame

// Before any other thread runs, so that all of them inherit it.
Program.prepare()

// Not awaited here: a main thread that awaits ends up in libdispatch's wait for signals, where none is blocked, and the
// first SIGTERM would end the process on the spot.
Task.detached {
  exit(await Program.run(Array(CommandLine.arguments.dropFirst()), environment: Program.environment))
}
while true { pause() }
