/// What a rule found, without words; the numbers beside it are named here.
enum Finding: UInt8, Sendable {
  // repeated
  case firstRead, sameRead
  // lockout: milliseconds left
  case readerLocked
  // credential
  case legible, illegible, foreign
  // confidence: thousandths, thousandths wanted
  case sure, unsure, confidenceUntold
  // list: entry
  case listed, unlisted, listedNearby, notAsked
  // match: entry, cost; or entry, other entry
  case exactOnly, notPlate, tooShort, nothingNear, near, ambiguous, tooMany, nearDenied, tooFar
  case otherwiseRead
  // flags
  case unmarked, markedDeny
  // validity: the moment it begins or ended; of a valid one the entry
  case valid, notYetActive, expired, withoutLimit, clockUnknown
  // suspension: milliseconds; until somebody ends it
  case notSuspended, suspended, suspendedWithoutEnd
  // uses: counted, allowed, of these waiting
  case usesLeft, usedUp, usesUnlimited
  // accompaniment
  case accompanied, alone
  // groups: group
  case withoutGroup, pointNotInGroup, pointInGroup, groupDeniesWithoutClock, groupAllowsWithoutClock
  case groupAlwaysWithoutClock, groupTimedWithoutClock
  // groups that need company: group, bits of the kinds, 1 for two persons; group
  case groupAsks, groupLacksLeast
  // schedule: group, schedule
  case alwaysOpen, open, closed
  // passback: area
  case noArea, passbackExempt, passbackOff, placeUnknown, placeFits, insideAlready, outsideAlready
  case insideAlreadySoft, outsideAlreadySoft, forgottenByTime
  // passback of areas in one another: area, the area around it or in it
  case outsideAround, outsideAroundSoft, insideInner, insideInnerSoft
  // quota: area and group (16 bits each), inside, spaces
  case holderRoom, holderFull, groupRoom, groupFull
  // first in: area
  case leads, leaderInside, leaderMissing
  // occupancy: area, occupancy, capacity
  case roomLeft, full, notCounted, noRoomForTwo
  // condition of the point
  case notLockedDown, lockedDown, passesLockdown, inService, outOfService, interlockFree, interlockBusy
  // factors: bits of the kinds that are missing, seconds left
  case factorsComplete, factorMissing, factorOfAnother, factorOfNobody
  // factors, two-person: the entry that waited or -1, the reason, the kind
  case heldLapsed
  // two-person of an entry that needs an escort
  case escortIsNoSecond, behindTwo
  // two-person: seconds left
  case twoComplete, secondMissing
}
