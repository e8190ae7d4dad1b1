import Glibc
import HQ

exit(HQProgram.run(Array(CommandLine.arguments.dropFirst())))
