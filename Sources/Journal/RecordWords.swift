/// What nearly every record says, for ``RecordPacking``: bytes that no UTF-8 text and no JSON holds stand for these.
///
/// The words of a version never change: records in the field were packed with them. New words are a new version.
enum RecordWords {
  /// 1 to 0x1F: control characters, which JSON escapes. 0xC0, 0xC1 and 0xF5 and above: never in UTF-8.
  static let codes: [UInt8] = Array(0x01...0x1F) + [0xC0, 0xC1] + Array(0xF5...0xFF)

  /// Version 1, in the order of the codes.
  static let first: [StaticString] = [
    "{\"v\":1,\"gateway\":\"", "\",\"seq\":", ",\"boot\":", ",\"at\":\"20",
    "Z\",\"clock\":\"synced\",\"mono_ns\":",
    "Z\",\"clock\":\"holdover\",\"mono_ns\":", "Z\",\"clock\":\"untrusted\",\"mono_ns\":",
    ",\"type\":\"access\",\"point\":\"", ",\"type\":\"passage\",\"point\":\"",
    ",\"type\":\"actuator\",\"point\":\"",
    ",\"type\":\"door-alarm\",\"point\":\"", ",\"type\":\"emergency\"", ",\"type\":\"operator\"",
    ",\"type\":\"device\"", ",\"type\":\"system\"", ",\"type\":\"", ",\"point\":\"", "\",\"reader\":\"",
    "\",\"side\":\"in\",\"credential\":\"", "\",\"side\":\"out\",\"credential\":\"", "\",\"credential\":\"",
    "plate:", "card:", "\",\"decision\":\"grant\",\"reason\":\"granted\",\"list\":",
    "\",\"decision\":\"deny\",\"reason\":\"denied-", "unknown-credential", "\",\"decision\":\"",
    "\",\"reason\":\"", "\",\"list\":", ",\"passage\":\"p-", "\",\"passage\":\"p-",
    "\",\"detail\":{\"event\":\"",
    ",\"detail\":{\"event\":\"", "\",\"detail\":{}}", ",\"detail\":{}}", "\",\"detail\":{\"",
    ",\"detail\":{\"",
    "\",\"ms\":", "confidence\":0.", "\",\"seen_at\":\"20", "Z\",\"image\":\"", "\":\"", "\",\"", "\"}}",
  ]
}
