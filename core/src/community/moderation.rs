//! Moderation through the handle: the rules, reports, what was hidden, appeals, standings; blocks, and who can read.

use super::Community;
use crate::{
    blocks::{self, UnseenMember},
    error::Error,
    membership,
    moderation::{self, HiddenView, OwnReportView, Readers, ReportView, RulesView, commands},
    observe::{self, Subscription},
};
use enishi_protocol::{
    MemberId, MessageId, MutationId, ReportId, Stream,
    membership::Role,
    moderation::{RuleText, Subject},
};

impl Community {
    /// The rules of the community.
    pub fn rules(&self) -> Result<RulesView, Error> {
        Ok(moderation::rules(self.store(), self.id())?)
    }

    /// Sets the rules of the community, in order.
    pub fn set_rules(&self, rules: &[RuleText]) -> Result<MutationId, Error> {
        self.wish(commands::set_rules(self.store(), self.id(), rules)?)
    }

    /// Reports a post, a comment or a member, by the number of the rule that it breaks. Of something in a
    /// group, `to_staff` hands the report to those who run the community, and not to the group's keepers.
    pub fn report(&self, subject: Subject, rule: i64, word: &str, to_staff: bool) -> Result<ReportId, Error> {
        let wish = commands::report(self.store(), self.id(), subject, rule, word, to_staff)?;
        self.wish(wish).map(ReportId::from)
    }

    /// Reports a message, with at most five others of its conversation that are to be shown with it. Those on duty
    /// see what was given, marked as given by whoever reported, and nothing else; in a conversation of two they can
    /// tell who that was.
    pub fn report_message(
        &self,
        message: MessageId,
        around: &[MessageId],
        rule: i64,
        word: &str,
    ) -> Result<ReportId, Error> {
        let wish = commands::report_message(self.store(), self.id(), message, around, rule, word)?;
        self.wish(wish).map(ReportId::from)
    }

    /// The reports that this member has made, the newest first.
    pub fn own_reports(&self) -> Result<Vec<OwnReportView>, Error> {
        Ok(moderation::own_reports(self.store(), self.id())?)
    }

    /// Reports at the desks that this member sees, open ones first.
    pub fn reports(&self) -> Result<Vec<ReportView>, Error> {
        Ok(moderation::reports(self.store(), self.id())?)
    }

    /// Follows the reports at the desks that this member sees.
    pub fn follow_reports(&self) -> Result<Subscription<Vec<ReportView>>, Error> {
        let (store, id) = (self.store().clone(), self.id());
        Ok(observe::follow(self.follow_changes(), move || moderation::reports(&store, id))?)
    }

    /// Closes a report, and every other open one at its desk about the same. Whoever reported is told
    /// whether something was done.
    pub fn close_report(&self, report: ReportId, acted: bool) -> Result<MutationId, Error> {
        self.wish(commands::close_report(report, acted))
    }

    /// Hides a post or comment, by the number of the rule that it breaks.
    pub fn hide(&self, subject: Subject, rule: i64) -> Result<MutationId, Error> {
        self.wish(commands::hide(self.store(), self.id(), subject, rule)?)
    }

    /// Shows what was hidden again.
    pub fn unhide(&self, subject: Subject) -> Result<MutationId, Error> {
        self.wish(commands::unhide(subject)?)
    }

    /// What of this member's own was hidden, with its text.
    pub fn own_hidden(&self) -> Result<Vec<HiddenView>, Error> {
        Ok(moderation::own_hidden(self.store(), self.id())?)
    }

    /// What was hidden at the desks that this member sees, with its text and appeals.
    pub fn desk_hidden(&self) -> Result<Vec<HiddenView>, Error> {
        Ok(moderation::desk_hidden(self.store(), self.id())?)
    }

    /// Appeals against the hiding of this member's own post or comment, once.
    pub fn appeal(&self, subject: Subject, word: &str, to_staff: bool) -> Result<MutationId, Error> {
        self.wish(commands::appeal(self.store(), self.id(), subject, word, to_staff)?)
    }

    /// Decides an appeal: shows what was hidden again, or not. Who hid it cannot.
    pub fn decide_appeal(&self, subject: Subject, restore: bool) -> Result<MutationId, Error> {
        self.wish(commands::decide_appeal(subject, restore))
    }

    /// Who can read what is written into a feed, counted from what this phone holds.
    pub fn readers(&self, stream: Stream) -> Result<Readers, Error> {
        Ok(moderation::readers(self.store(), self.id(), stream)?)
    }

    /// Follows who can read a feed.
    pub fn follow_readers(&self, stream: Stream) -> Result<Subscription<Readers>, Error> {
        let (store, id) = (self.store().clone(), self.id());
        Ok(observe::follow(self.follow_changes(), move || moderation::readers(&store, id, stream))?)
    }

    /// Shuts a member out until a time, in microseconds since 1970 UTC, or until somebody restores them.
    pub fn suspend(&self, member: MemberId, until_us: Option<i64>, reason: &str) -> Result<MutationId, Error> {
        self.wish(membership::commands::suspend(member, until_us, reason)?)
    }

    /// Lets a suspended member take part again.
    pub fn restore(&self, member: MemberId) -> Result<MutationId, Error> {
        self.wish(membership::commands::restore(member))
    }

    /// Ends a membership. What the member wrote stays under their name.
    pub fn remove(&self, member: MemberId, reason: &str) -> Result<MutationId, Error> {
        self.wish(membership::commands::remove(member, reason)?)
    }

    /// Gives a member another role.
    pub fn set_role(&self, member: MemberId, role: Role) -> Result<MutationId, Error> {
        self.wish(membership::commands::set_role(member, role))
    }

    /// Marks a member as a supporter, who welcomes newcomers, or takes the mark off.
    pub fn set_supporter(&self, member: MemberId, on: bool) -> Result<MutationId, Error> {
        self.wish(membership::commands::set_supporter(member, on))
    }

    /// Blocks a member, or ends the block: neither then sees what the other writes, and the other is not told.
    pub fn block(&self, member: MemberId, on: bool) -> Result<MutationId, Error> {
        self.wish(blocks::block(self.store(), self.id(), member, on)?)
    }

    /// Mutes a member, or ends the mute: this member no longer sees what they write.
    pub fn mute(&self, member: MemberId, on: bool) -> Result<MutationId, Error> {
        self.wish(blocks::mute(self.store(), self.id(), member, on)?)
    }

    /// Those whom this member has blocked, by name.
    pub fn blocked(&self) -> Result<Vec<UnseenMember>, Error> {
        Ok(blocks::blocked(self.store(), self.id())?)
    }

    /// Those whom this member has muted, by name.
    pub fn muted(&self) -> Result<Vec<UnseenMember>, Error> {
        Ok(blocks::muted(self.store(), self.id())?)
    }
}
