import Glibc
import Runtime

exit(GatehousedProgram.run(Array(CommandLine.arguments.dropFirst())))
