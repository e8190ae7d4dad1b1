import Glibc
import Uplink

exit(UplinkProgram.run(Array(CommandLine.arguments.dropFirst())))
