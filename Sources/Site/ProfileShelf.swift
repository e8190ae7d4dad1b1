/// Where device and board profiles are looked for, and those already read.
struct ProfileShelf {
  /// Folders that may hold `devices/` and `boards/`, the first that has a name wins.
  let folders: [String]
  private var devices: [String: DeviceProfile?] = [:]
  private var boards: [String: BoardProfile?] = [:]

  init(folders: [String]) {
    self.folders = folders
  }

  mutating func device(_ name: String, _ path: KeyPath, _ faults: FaultList) -> DeviceProfile? {
    if let known = devices[name] { return known }
    let profile = open("devices", name, path, faults).flatMap { file, bytes -> DeviceProfile? in
      let own = FaultList(file: file)
      defer { faults.take(own) }
      return DeviceProfile(bytes, name, own)
    }
    devices[name] = .some(profile)
    return profile
  }

  mutating func board(_ name: String, _ path: KeyPath, _ faults: FaultList) -> BoardProfile? {
    if let known = boards[name] { return known }
    let profile = open("boards", name, path, faults).flatMap { file, bytes -> BoardProfile? in
      let own = FaultList(file: file)
      defer { faults.take(own) }
      return BoardProfile(bytes, name, own)
    }
    boards[name] = .some(profile)
    return profile
  }

  private func open(
    _ kind: String, _ name: String, _ path: KeyPath, _ faults: FaultList
  ) -> (file: String, bytes: [UInt8])? {
    if let trouble = NameList.trouble(with: name) {
      faults.add(path, "'\(name)' cannot be a profile; \(trouble)")
      return nil
    }
    guard let file = folders.map({ "\($0)/\(kind)/\(name).json5" }).first(where: SmallFile.exists) else {
      let names = folders.flatMap { SmallFile.names(in: "\($0)/\(kind)") }
        .filter { $0.hasSuffix(".json5") }.map { String($0.dropLast(6)) }
      let advice = NearestName.advice(
        name, in: names, none: "no profile was found in \(folders.joined(separator: ", "))")
      faults.add(path, "there is no file \(kind)/\(name).json5; \(advice)")
      return nil
    }
    do {
      return (file, try SmallFile.read(file, limit: SiteLimits.fileSize))
    } catch {
      faults.add(path, "\(file) \(error.text)")
      return nil
    }
  }
}
