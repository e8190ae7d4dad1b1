import ControlCore
import Messages
import Site

extension StatusReport {
  func inputs() -> JSONValue {
    let ages = field.inputAges()
    return ports.snapshot.read { snapshot in
      .array(
        site.inputNames.enumerated().map { place, name in
          var members: [(key: String, value: JSONValue)] = [
            ("name", .string(name)), ("level", .bool(snapshot.sensedLevel[place])),
            ("quality", .string(FieldNames.quality(snapshot.inputs.quality[place]))),
            ("wiring", .string(ResolvedWiring.input(place, of: site))),
            ("age_ms", ages[place].map { .integer(Int64($0.milliseconds)) } ?? .null),
          ]
          if let register = field.register(ofInput: place) {
            members.append(("register", .integer(Int64(register.number))))
            if let meaning = register.meaning { members.append(("meaning", .string(meaning))) }
          }
          return .object(members)
        })
    }
  }

  func outputs() -> JSONValue {
    let faults = site.outputNames.indices.map { field.outputFault($0) }
    let carried = site.outputNames.indices.map { field.carries($0) }
    return ports.snapshot.read { snapshot in
      .array(
        site.outputNames.enumerated().map { place, name in
          var members: [(key: String, value: JSONValue)] = [
            ("name", .string(name)), ("level", .bool(snapshot.outputs.level[place])),
            ("safe", .bool(site.control.outputs[place].safe)),
            ("operations", .integer(Int64(snapshot.operations[place]))),
            ("quality", carried[place] && faults[place] == nil ? "good" : "bad"),
          ]
          if let fault = faults[place] {
            members.append(("fault", .string(fault.state)))
            members.append(("fault_ms", .integer(Int64(fault.lasts.milliseconds))))
          }
          members.append(("wiring", .string(ResolvedWiring.output(place, of: site))))
          return .object(members)
        })
    }
  }
}
