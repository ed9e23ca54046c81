import Sesame

Program.main(CommandLine.arguments)
