import Glibc
import Platform

/// Where the boards, the devices and the sites that run are: the folder `hardware`.
public enum HardwareFolder {
  /// `GATEHOUSE_HARDWARE`, the checkout that the program was built in, or where a package puts it; nil where none is.
  public static func find() -> String? {
    var places: [String] = []
    if let named = unsafe getenv("GATEHOUSE_HARDWARE") { unsafe places.append(String(cString: named)) }
    if let program = try? Files.ownProgram() {
      // .build/TRIPLE/release/gatehouse, or .build/release/gatehouse.
      var folder = program
      for _ in 0..<5 {
        guard let slash = folder.lastIndex(of: "/") else { break }
        folder = String(folder[..<slash])
        places.append("\(folder)/hardware")
      }
    }
    places += [
      "/usr/share/gatehouse/hardware", "/usr/local/share/gatehouse/hardware", "/usr/share/gatehouse",
    ]
    return places.first { Files.exists("\($0)/sites") }
  }
}
