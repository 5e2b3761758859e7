//! Rules, reports, what was hidden, standings, blocks, and who can read.

use super::Community;
use crate::EnishiError;
use enishi_core::Community as Core;
use enishi_core::blocks::UnseenMember;
use enishi_core::moderation::{HiddenView, OwnReportView, Readers, ReportView, RulesView};
use enishi_protocol::membership::Role;
use enishi_protocol::moderation::{RuleText, Subject};
use enishi_protocol::{MemberId, MessageId, MutationId, ReportId, Stream};

#[uniffi::export]
impl Community {
    /// The rules of the community.
    pub async fn rules(&self) -> Result<RulesView, EnishiError> {
        self.look(Core::rules).await
    }

    /// Sets the rules of the community, in order.
    pub async fn set_rules(&self, rules: Vec<RuleText>) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_rules(&rules)).await
    }

    /// Reports a post, a comment or a member, by the number of the rule that it breaks. Of something in a
    /// group, `to_staff` hands the report to those who run the community, and not to the group's keepers.
    pub async fn report(
        &self,
        subject: Subject,
        rule: i64,
        word: String,
        to_staff: bool,
    ) -> Result<ReportId, EnishiError> {
        self.look(move |community| community.report(subject, rule, &word, to_staff)).await
    }

    /// Reports a message, with at most five others of its conversation that are to be shown with it. Those on duty
    /// see what was given, marked as given by whoever reported, and nothing else; in a conversation of two they can
    /// tell who that was.
    pub async fn report_message(
        &self,
        message: MessageId,
        around: Vec<MessageId>,
        rule: i64,
        word: String,
    ) -> Result<ReportId, EnishiError> {
        self.look(move |community| community.report_message(message, &around, rule, &word)).await
    }

    /// The reports that this member has made, the newest first.
    pub async fn own_reports(&self) -> Result<Vec<OwnReportView>, EnishiError> {
        self.look(Core::own_reports).await
    }

    /// Reports at the desks that this member sees, open ones first.
    pub async fn reports(&self) -> Result<Vec<ReportView>, EnishiError> {
        self.look(Core::reports).await
    }

    /// Closes a report, and every other open one at its desk about the same. Whoever reported is told
    /// whether something was done.
    pub async fn close_report(&self, report: ReportId, acted: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.close_report(report, acted)).await
    }

    /// Hides a post or comment, by the number of the rule that it breaks.
    pub async fn hide(&self, subject: Subject, rule: i64) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.hide(subject, rule)).await
    }

    /// Shows what was hidden again.
    pub async fn unhide(&self, subject: Subject) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.unhide(subject)).await
    }

    /// What of this member's own was hidden, with its text.
    pub async fn own_hidden(&self) -> Result<Vec<HiddenView>, EnishiError> {
        self.look(Core::own_hidden).await
    }

    /// What was hidden at the desks that this member sees, with its text and appeals.
    pub async fn desk_hidden(&self) -> Result<Vec<HiddenView>, EnishiError> {
        self.look(Core::desk_hidden).await
    }

    /// Appeals against the hiding of this member's own post or comment, once.
    pub async fn appeal(&self, subject: Subject, word: String, to_staff: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.appeal(subject, &word, to_staff)).await
    }

    /// Decides an appeal: shows what was hidden again, or not. Who hid it cannot.
    pub async fn decide_appeal(&self, subject: Subject, restore: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.decide_appeal(subject, restore)).await
    }

    /// Who can read what is written into a feed, counted from what this phone holds.
    pub async fn readers(&self, stream: Stream) -> Result<Readers, EnishiError> {
        self.look(move |community| community.readers(stream)).await
    }

    /// Shuts a member out until a time, in microseconds since 1970 UTC, or until somebody restores them.
    pub async fn suspend(
        &self,
        member: MemberId,
        until_us: Option<i64>,
        reason: String,
    ) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.suspend(member, until_us, &reason)).await
    }

    /// Lets a suspended member take part again.
    pub async fn restore(&self, member: MemberId) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.restore(member)).await
    }

    /// Ends a membership. What the member wrote stays under their name.
    pub async fn remove(&self, member: MemberId, reason: String) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.remove(member, &reason)).await
    }

    /// Gives a member another role.
    pub async fn set_role(&self, member: MemberId, role: Role) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_role(member, role)).await
    }

    /// Marks a member as a supporter, who welcomes newcomers, or takes the mark off.
    pub async fn set_supporter(&self, member: MemberId, on: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.set_supporter(member, on)).await
    }

    /// Blocks a member, or ends the block: neither then sees what the other writes, and the other is not told.
    pub async fn block(&self, member: MemberId, on: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.block(member, on)).await
    }

    /// Mutes a member, or ends the mute: this member no longer sees what they write.
    pub async fn mute(&self, member: MemberId, on: bool) -> Result<MutationId, EnishiError> {
        self.look(move |community| community.mute(member, on)).await
    }

    /// Those whom this member has blocked, by name.
    pub async fn blocked(&self) -> Result<Vec<UnseenMember>, EnishiError> {
        self.look(Core::blocked).await
    }

    /// Those whom this member has muted, by name.
    pub async fn muted(&self) -> Result<Vec<UnseenMember>, EnishiError> {
        self.look(Core::muted).await
    }
}
