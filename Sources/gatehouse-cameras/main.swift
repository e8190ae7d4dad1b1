import Cameras
import Glibc

exit(CamerasProgram.run(Array(CommandLine.arguments.dropFirst())))
