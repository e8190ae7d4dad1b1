import Messages

/// A post's JSON, whether it is the whole body or a part of a form.
enum JSONBody {
  static func read(_ post: CameraPost) throws(CameraFault) -> JSONValue {
    var bytes = post.body
    if let boundary = MultipartForm.boundary(contentType: post.contentType) {
      let form = try MultipartForm(post.body, boundary: boundary)
      guard
        let part = form.first(where: { $0.name == "json" || $0.contentType.hasPrefix("application/json") })
      else { throw CameraFault("no part of the form is JSON") }
      bytes = part.body
    }
    do {
      return try JSONValue.parse(bytes, maximumBytes: CameraLimits.bodyBytes)
    } catch {
      throw CameraFault("\(error)")
    }
  }
}

extension JSONValue {
  /// The text at a path of keys.
  func text(_ path: String...) -> String? {
    at(path)?.stringValue
  }

  func number(_ path: String...) -> Double? {
    at(path)?.doubleValue
  }

  /// A whole number, also where the camera writes it in quotes.
  func whole(_ path: String...) -> Int64? {
    let value = at(path)
    return value?.integerValue ?? value?.stringValue.flatMap { Int64($0) }
  }

  func at(_ path: [String]) -> JSONValue? {
    path.reduce(self as JSONValue?) { value, key in value?[key] }
  }
}

/// A confidence that a camera gives in hundredths.
func share(hundredths: Double?) -> Double? {
  hundredths.map { $0 / 100 }
}
