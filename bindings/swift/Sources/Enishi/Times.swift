import Foundation

// Times as Foundation has them.

extension FeedComment {
  /// When it was accepted, or while it is pending written.
  public var created: Date { Date(microseconds: createdUs) }
}

extension FeedPost {
  /// When it was accepted, or while it is pending written by this phone's clock.
  public var created: Date { Date(microseconds: createdUs) }
}

extension InvitationView {
  /// Until when it is good; nil before the server has it.
  public var expires: Date? { expiresUs.map(Date.init(microseconds:)) }
}

extension MemberView {
  /// When they joined.
  public var joined: Date { Date(microseconds: joinedUs) }
}

extension MessageView {
  /// When it was accepted, or while it is pending written by this phone's clock.
  public var created: Date { Date(microseconds: createdUs) }
}

extension EnishiNotification {
  /// When that was by the server's clock.
  public var at: Date { Date(microseconds: atUs) }
}

extension Notifications {
  /// While it is quiet, until when: then alerts are due.
  public var quietUntil: Date? { quietUntilUs.map(Date.init(microseconds:)) }
}

extension PollView {
  /// Until when one may vote, by the server's clock.
  public var closes: Date? { closesUs.map(Date.init(microseconds:)) }
}

extension SyncStatus {
  /// When the phone was last in step by its own clock.
  public var inStep: Date? { inStepUs.map(Date.init(microseconds:)) }
}

extension Address {
  /// When it was confirmed.
  public var added: Date { Date(microseconds: addedUs) }
}

extension Notice {
  /// When it happened.
  public var at: Date { Date(microseconds: atUs) }
}

extension ApprovalView {
  /// When it asked.
  public var asked: Date { Date(microseconds: askedUs) }
}

extension OwnRecovery {
  /// Until when it can be stopped, once it is supported.
  public var until: Date? { untilUs.map(Date.init(microseconds:)) }
}

extension Recovery {
  /// Until when it can be stopped, once it is supported.
  public var until: Date? { untilUs.map(Date.init(microseconds:)) }

  /// When it was asked for.
  public var at: Date { Date(microseconds: atUs) }
}

extension Receipt {
  /// When it was given.
  public var given: Date { Date(microseconds: givenUs) }

  /// When it was taken back, or another version took its place.
  public var withdrawn: Date? { withdrawnUs.map(Date.init(microseconds:)) }
}

extension EarlierText {
  /// When it was replaced.
  public var replaced: Date { Date(microseconds: untilUs) }
}

extension JoinRequest {
  /// When.
  public var at: Date { Date(microseconds: atUs) }
}

extension JoinVouching {
  /// When they asked.
  public var at: Date { Date(microseconds: atUs) }
}

extension Report {
  /// When.
  public var at: Date { Date(microseconds: atUs) }

  /// When that was.
  public var decided: Date? { decidedUs.map(Date.init(microseconds:)) }
}

extension ReportedMessage {
  /// When it was written.
  public var created: Date { Date(microseconds: createdUs) }
}

extension OwnReport {
  /// When.
  public var at: Date { Date(microseconds: atUs) }

  /// When it was decided.
  public var decided: Date? { decidedUs.map(Date.init(microseconds:)) }
}

extension Hidden {
  /// When.
  public var at: Date { Date(microseconds: atUs) }
}

extension HiddenText {
  /// When it was shown again.
  public var restored: Date? { restoredUs.map(Date.init(microseconds:)) }
}

extension Appeal {
  /// When.
  public var at: Date { Date(microseconds: atUs) }

  /// When that was.
  public var decided: Date? { decidedUs.map(Date.init(microseconds:)) }
}

extension Poll {
  /// Until when one may vote, by the server's clock; nil for as long as the post is there.
  public var closes: Date? { closesUs.map(Date.init(microseconds:)) }
}

extension Device {
  /// When it signed in.
  public var since: Date { Date(microseconds: sinceUs) }

  /// When it was last here, to the hour.
  public var seen: Date { Date(microseconds: seenUs) }
}

extension Date {
  /// A time as the core takes it: microseconds since 1970.
  public var microseconds: Int64 {
    Int64((timeIntervalSinceReferenceDate * 1_000_000).rounded()) + epoch
  }

  /// A time as the core tells it.
  init(microseconds: Int64) {
    self.init(timeIntervalSinceReferenceDate: Double(microseconds - epoch) / 1_000_000)
  }
}

/// From 1970 to the year that Foundation counts from: what it keeps exactly reaches furthest from there.
private let epoch = Int64(Date.timeIntervalBetween1970AndReferenceDate) * 1_000_000
