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

  /// The nodes of the broker, which all serve the same.
  public private(set) var addresses: [BrokerAddress]
  private var place: Int
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
  /// How long the broker may take to answer a subscription.
  public var subscribeMilliseconds: UInt64 = 30_000

  /// - Parameters:
  ///   - broker: one address, or those of a cluster's nodes with commas between them. The first try goes to a node that
  ///     the client's name picks, so that an estate spreads over all of them.
  ///   - insecure: plain text is meant; it is allowed to this machine itself only.
  /// - Throws: ``BrokerError`` where an address is none, or would carry plain text elsewhere.
  public init(
    broker: String, client: String, authorityFile: String? = nil, certificateFile: String? = nil,
    keyFile: String? = nil, insecure: Bool = false, will: Will? = nil
  ) throws(BrokerError) {
    addresses = []
    for text in broker.split(separator: ",", omittingEmptySubsequences: false) {
      addresses.append(try Self.address(String(text.trimmed), insecure: insecure))
    }
    // FNV-1a: the same on every machine and in every run.
    let hash = client.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    place = Int(hash % UInt32(addresses.count))
    self.client = client
    self.authorityFile = authorityFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.will = will
  }

  private static func address(_ text: String, insecure: Bool) throws(BrokerError) -> BrokerAddress {
    guard let address = BrokerAddress(text) else {
      throw BrokerError(call: "broker address", text: "'\(text)' must be mqtts://HOST[:PORT]")
    }
    guard address.encrypted || (insecure && address.isLoopback) else {
      throw BrokerError(
        call: "broker address",
        text: "'\(text)' is plain text: use mqtts://, or a loopback broker together with 'insecure'")
    }
    return address
  }

  /// The node to connect to.
  public var address: BrokerAddress { addresses[place] }

  /// The node could not be reached, or was lost: the next one is tried.
  public mutating func turn() {
    place = (place + 1) % addresses.count
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}
