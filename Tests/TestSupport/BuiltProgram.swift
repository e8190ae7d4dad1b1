public import Platform

/// One of our programs, which stand beside the test bundle.
public func program(_ name: String) throws(SystemError) -> String {
  let own = try Files.ownProgram()
  var folder = String(own[..<own.lastIndex(of: "/")!])
  // The testing library may be run by a helper elsewhere: then the bundle's own path is its argument.
  if !Files.exists("\(folder)/\(name)"),
    let bundle = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") }),
    let end = bundle.lastIndex(of: "/")
  {
    folder = String(bundle[..<end])
  }
  return "\(folder)/\(name)"
}
