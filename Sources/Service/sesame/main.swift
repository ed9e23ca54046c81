import Glibc
import Sesame

// Before any other thread runs, so that all of them inherit it.
Program.prepare()
exit(await Program.run(Array(CommandLine.arguments.dropFirst()), environment: Program.environment))
