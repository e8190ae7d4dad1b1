/// How to reach a broker, and as whom.
public struct BrokerSettings: Sendable {
  public struct Will: Sendable {
    public var topic: String
    public var payload: [UInt8]

    public init(topic: String, payload: [UInt8]) {
      self.topic = topic
      self.payload = payload
    }
  }

  public var address: BrokerAddress
  public var client: String
  /// PEM; nil: the system's own authorities.
  public var authorityFile: String?
  /// PEM; this client's certificate and its key, both or neither.
  public var certificateFile: String?
  public var keyFile: String?
  /// What the broker says for this client when it is gone without a word.
  public var will: Will?
  /// Seconds between two signs of life.
  public var keepAlive: Int32 = 30

  /// - Parameter insecure: plain text is meant; it is allowed to this machine itself only.
  /// - Throws: ``BrokerError`` where the address is none, or would carry plain text elsewhere.
  public init(
    broker: String, client: String, authorityFile: String? = nil, certificateFile: String? = nil,
    keyFile: String? = nil, insecure: Bool = false, will: Will? = nil
  ) throws(BrokerError) {
    guard let address = BrokerAddress(broker) else {
      throw BrokerError(call: "broker address", text: "'\(broker)' must be mqtts://HOST[:PORT]")
    }
    guard address.encrypted || (insecure && address.isLoopback) else {
      throw BrokerError(
        call: "broker address",
        text: "'\(broker)' is plain text: use mqtts://, or a loopback broker together with 'insecure'")
    }
    self.address = address
    self.client = client
    self.authorityFile = authorityFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.will = will
  }
}
