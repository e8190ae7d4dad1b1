import ControlCore

extension SiteReader {
  mutating func readGateway() {
    guard let section = file.root.child("gateway", .gateway, required: true) else { return }
    for key in ["id", "site"] { checkTopicPart(key, section) }
    gateway.id = section.text("id", required: true) ?? ""
    gateway.site = section.text("site", required: true) ?? ""
    gateway.timezone = section.text("timezone", required: true) ?? ""
    if !gateway.timezone.isEmpty {
      do {
        zone = try ZoneFile.load(gateway.timezone)
      } catch {
        faults.add(section.path.key("timezone"), error.text)
      }
    }
    gatewayBoard = section.text("board").map { ($0, section.path.key("board")) }
  }

  /// Identity and site stand in MQTT topics and in file names.
  private func checkTopicPart(_ key: String, _ section: Section) {
    guard case .text(let text)? = section.members[key], !text.isEmpty else { return }
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    if !plain || text.utf8.count > SiteLimits.nameSize {
      faults.add(
        section.path.key(key),
        "is '\(text)'; must be 1 to \(SiteLimits.nameSize) of the letters a-z, A-Z, digits, '.', '-' and '_'")
    }
  }

  mutating func readLoop() {
    guard let section = file.root.child("loop", .loop) else { return }
    if let period = section.duration("period_us", in: Limits.shortestPeriod...Limits.longestPeriod) {
      loop.period = period
    }
    if let priority = section.integer("priority", in: SiteLimits.priority) { loop.priority = priority }
    if let time = section.duration("guard_ms", in: SiteLimits.guardTime) { loop.guardTime = time }
    let least = Interval(nanoseconds: loop.period.nanoseconds * SiteLimits.beatsOfGuard)
    if loop.guardTime < least {
      faults.add(
        section.durationPath("guard_ms"),
        "is \(loop.guardTime.words); must be at least \(SiteLimits.beatsOfGuard) periods, \(least.words)")
    }
  }

  mutating func readJournal() {
    guard let section = file.root.child("journal", .journal) else { return }
    if let capacity = section.integer("capacity", in: SiteLimits.journalCapacity) {
      journal.capacity = capacity
    }
    if let megabytes = section.integer("capacity_mb", in: SiteLimits.journalMegabytes) {
      journal.capacityBytes = Int64(megabytes) << 20
    }
    journal.keepDays = section.integer("keep_days", in: SiteLimits.journalDays)
    journal.credentialDays = section.integer("credential_days", in: SiteLimits.journalDays)
    if let share = section.share("warn_at") { journal.warnAt = share }
    if let budget = section.duration("commit_budget_ms", in: SiteLimits.commitBudget) {
      journal.commitBudget = budget
    }
  }

  mutating func readUplink() {
    guard let section = file.root.child("uplink", .uplink) else { return }
    let insecure = section.flag("insecure") ?? false
    let brokers = readBrokers(section)
    for (broker, path) in brokers { checkBroker(broker, path, insecure: insecure, section) }
    if let key = section.text("hq_public_key") { checkPublicKey(key, section) }
    if section.has("cert_file") != section.has("key_file") {
      let missing = section.has("cert_file") ? "key_file" : "cert_file"
      faults.add(section.path.key(missing), "is missing; cert_file and key_file must be given together")
    }
    uplink = UplinkDescription(
      broker: brokers.map(\.text).joined(separator: ","), caFile: filePath("ca_file", section),
      certFile: filePath("cert_file", section),
      keyFile: filePath("key_file", section), hqPublicKey: section.text("hq_public_key"), insecure: insecure,
      batch: section.integer("batch", in: SiteLimits.batch) ?? 500,
      window: section.integer("window", in: SiteLimits.window) ?? 4)
  }

  /// One address, or a list of those of a cluster's nodes.
  private func readBrokers(_ section: Section) -> [(text: String, path: KeyPath)] {
    guard case .list(let list)? = section.members["broker"] else {
      guard let broker = section.text("broker", required: true), !broker.isEmpty else { return [] }
      return [(broker, section.path.key("broker"))]
    }
    if !SiteLimits.brokers.contains(list.count) {
      faults.add(
        section.path.key("broker"),
        "has \(list.count) addresses; must have 1 to \(SiteLimits.brokers.upperBound)")
    }
    return section.texts("broker")
  }

  private func checkBroker(_ broker: String, _ path: KeyPath, insecure: Bool, _ section: Section) {
    let secure = broker.hasPrefix("mqtts://")
    guard secure || broker.hasPrefix("mqtt://") else {
      faults.add(
        path, "is '\(broker)'; must be mqtts://HOST[:PORT], or mqtt://HOST[:PORT] without encryption")
      return
    }
    guard HostPort(String(broker.dropFirst(secure ? 8 : 7)), defaultPort: secure ? 8_883 : 1_883) != nil
    else {
      faults.add(path, "is '\(broker)'; must name a host and a port from 1 to 65535")
      return
    }
    if !secure, !insecure {
      faults.add(path, "is without encryption; must be mqtts://, or insecure: true must say that it is meant")
    }
    if secure, section.members["ca_file"] == nil {
      faults.note(path, "no ca_file is given: the system's certificate authorities decide whom to trust")
    }
  }

  private func checkPublicKey(_ key: String, _ section: Section) {
    let form = "must be ed25519: and the 32 bytes of the key in base64"
    guard key.hasPrefix("ed25519:") else {
      faults.add(section.path.key("hq_public_key"), "does not begin with ed25519:; \(form)")
      return
    }
    if Base64.count(String(key.dropFirst(8))) != 32 {
      faults.add(section.path.key("hq_public_key"), "is not a key; \(form)")
    }
  }

  /// A file that the site names, relative to the site file; a note where it is not there now.
  func filePath(_ key: String, _ section: Section) -> String? {
    guard let name = section.text(key) else { return nil }
    let full = SmallFile.beside(path, name)
    if !SmallFile.exists(full) { faults.note(section.path.key(key), "\(full) is not there yet") }
    return full
  }
}
