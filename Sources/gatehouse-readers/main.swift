import Glibc
import Readers

exit(ReadersProgram.run(Array(CommandLine.arguments.dropFirst())))
