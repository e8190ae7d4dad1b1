/// Posts as the makers' cameras compose them, shortened to what is read and what surrounds it.
enum Samples {
  static func hikvision(plate: String, uuid: String, again: Bool = false, level: String = "97") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">
    <ipAddress>192.168.1.64</ipAddress><portNo>80</portNo><macAddress>44:19:b6:00:00:01</macAddress>
    <channelID>1</channelID><dateTime>2026-11-22T08:00:00.250+08:00</dateTime>
    <activePostCount>1</activePostCount><eventType>ANPR</eventType><eventState>active</eventState>
    <eventDescription>ANPR</eventDescription><isDataRetransmission>\(again)</isDataRetransmission>
    <UUID>\(uuid)</UUID>
    <ANPR><country>8</country><licensePlate>\(plate)</licensePlate><line>1</line><direction>forward</direction>
    <confidenceLevel>\(level)</confidenceLevel><plateType>unknown</plateType><plateColor>blue</plateColor>
    <originalLicensePlate>\(plate)</originalLicensePlate></ANPR>
    <picInfo><ftpPath/></picInfo></EventNotificationAlert>
    """
  }

  static let hikvisionHeartbeat = """
    <?xml version="1.0" encoding="UTF-8"?><h:EventNotificationAlert xmlns:h="http://www.isapi.org/ver20/XMLSchema">
    <h:eventType>videoloss</h:eventType><h:eventState>inactive</h:eventState></h:EventNotificationAlert>
    """

  static let formType = "multipart/form-data; boundary=---------------------------7e13971310878"

  /// The event and a picture, as a form.
  static func form(_ xml: String) -> [UInt8] {
    let mark = "-----------------------------7e13971310878"
    let head = "\(mark)\r\nContent-Disposition: form-data; name=\"anpr.xml\"; filename=\"anpr.xml\"\r\n"
    let picture = "Content-Disposition: form-data; name=\"licensePlatePicture.jpg\"; filename=\"p.jpg\"\r\n"
    return Array("\(head)Content-Type: text/xml\r\nContent-Length: \(xml.utf8.count)\r\n\r\n\(xml)\r\n".utf8)
      + Array("\(mark)\r\n\(picture)Content-Type: image/jpeg\r\n\r\n".utf8) + [
        0xFF, 0xD8, 0x0D, 0x0A, 0x2D, 0x2D, 0,
      ]
      + Array("\r\n\(mark)--\r\n".utf8)
  }

  static func dahua(plate: String) -> String {
    """
    {"Picture":{"CutoutPic":{"Content":"","PicName":"c.jpg"},"Plate":{"BoundingBox":[1108,724,1222,760],"Channel":0,
    "Confidence":88,"IsExist":true,"PlateColor":"Blue","PlateNumber":"\(plate)","PlateType":"Normal","UploadNum":3},
    "SnapInfo":{"AccurateTime":"2026-11-22 08:00:00.123","AllowUser":false,"DeviceID":"5K0AAAA","Direction":"Obverse",
    "LanNo":1},"Vehicle":{"VehicleColor":"White","VehicleSeries":"Unknown"}}}
    """
  }

  static func vzenith(plate: String, number: Int, offline: Int = 0) -> String {
    """
    {"AlarmInfoPlate":{"channel":0,"deviceName":"in","ipaddr":"192.168.1.100","result":{"PlateResult":{"bright":0,
    "confidence":99,"direction":4,"isoffline":\(offline),"license":"\(plate)","plateid":\(number),
    "timeStamp":{"Timeval":{"sec":1795305600,"usec":250000}},"timeUsed":43,"triggerType":8,"type":1}},
    "serialno":"a1b2c3d4-00000000"}}
    """
  }

  static let plateRecognizer = """
    {"hook":{"event":"recognition","filename":"in/2026.jpg","id":"camera-1","target":"http://gate"},
    "data":{"camera_id":"camera-1","filename":"in/2026.jpg","timestamp":"2026-11-22T00:00:00.500Z","results":[
    {"box":{"xmin":153},"candidates":[{"plate":"abc123","score":0.91},{"plate":"a8c123","score":0.55}],
    "direction":210,"dscore":0.7,"plate":"abc123","score":0.91}]}}
    """

  static let openALPR = """
    {"data_type":"alpr_group","version":2,"epoch_start":1795305600250,"epoch_end":1795305601000,"camera_id":1,
    "best_uuid":"gate-cam1-1795305600300","best_plate_number":"ABC123","best_confidence":91.5,
    "candidates":[{"plate":"ABC123","confidence":91.5},{"plate":"A8C123","confidence":80.25}],"uuids":[]}
    """
}
