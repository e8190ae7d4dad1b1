import Glibc

exit(SimulationProgram.run(Array(CommandLine.arguments.dropFirst())))
