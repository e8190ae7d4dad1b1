import Glibc

exit(GatehouseProgram.run(Array(CommandLine.arguments.dropFirst())))
