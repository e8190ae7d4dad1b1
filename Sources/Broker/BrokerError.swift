/// What the broker or the way to it refused: the step, libmosquitto's code and text, and what a person can do.
public struct BrokerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The C function.
  public var call: String
  /// libmosquitto's MOSQ_ERR_ code; the broker's code where `call` is CONNACK or SUBACK; 0 where neither said it.
  public var code: Int32
  public var text: String

  public init(call: String, code: Int32 = 0, text: String) {
    self.call = call
    self.code = code
    self.text = text
  }

  /// What a person can do about the common ones.
  public var advice: String? {
    switch (call, code) {
    case ("CONNACK", 4), ("CONNACK", 5): "check the client certificate and the broker's access rules"
    case ("SUBACK", 128):
      "let this client read there in the broker's access rules; a cluster without a quorum says the same"
    case ("mosquitto_connect", _):
      "check the broker's address, that it runs, and the way to it; it is tried again"
    case ("mosquitto_tls_set", _): "check ca_file, cert_file and key_file: paths, owner, PEM"
    case (_, 8): "TLS failed: check that the certificate is the CA's, names this host, and is not out of date"
    default: nil
    }
  }

  public var description: String { "\(call): \(text) (code \(code))\(advice.map { "; \($0)" } ?? "")" }
}
