//! Reports at the desks that this member sees.

use super::latest;
use crate::{
    error::StoreError,
    feed::Delivery,
    store::{Store, view::View},
};
use enishi_protocol::{
    CommunityId, GroupId, Operation, ReportId, Stream,
    moderation::{Report, ReportState},
};

/// A report at a desk. Who made it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ReportView {
    /// Which report.
    pub id: ReportId,
    /// The group whose keepers decide; none where those do who run the community.
    pub group: Option<GroupId>,
    /// What is reported, and how it stands.
    pub report: Report,
    /// Whether it is about this member, so that somebody else has to decide.
    pub own_case: bool,
    /// How far this member's decision about it has come.
    pub delivery: Delivery,
}

/// Reports at the desks that this member sees: open ones first, the newest first.
pub fn reports(store: &Store, community: CommunityId) -> Result<Vec<ReportView>, StoreError> {
    store.view(community, |view| {
        let mut reports = Vec::new();
        for (desk, group) in desks(view) {
            for (id, report) in view.entities::<Report>(view.copy(desk), "report")? {
                reports.push(shown(view, id.into(), group, report));
            }
        }
        reports.sort_by_key(|view: &ReportView| {
            let decided = view.report.state != ReportState::Open;
            (decided, std::cmp::Reverse((view.report.at_us, view.id)))
        });
        Ok(reports)
    })
}

/// The desks that this member sees, each with the group that it is of.
pub(super) fn desks(view: &View<'_>) -> Vec<(Stream, Option<GroupId>)> {
    let desks = view.copies.keys().filter_map(|stream| match stream {
        Stream::Desk(id) => Some((*stream, (*id != view.community.0).then_some(GroupId(*id)))),
        _ => None,
    });
    desks.collect()
}

pub(super) fn shown(view: &View<'_>, id: ReportId, group: Option<GroupId>, mut report: Report) -> ReportView {
    let own_case = report.author == view.member;
    let closing = latest(view, |operation| match operation {
        Operation::CloseReport(closing) if closing.report == id => Some(closing.acted),
        _ => None,
    });
    let mut delivery = Delivery::Sent;
    if let Some((_, acted, how)) = closing {
        delivery = how;
        if report.state == ReportState::Open && !matches!(how, Delivery::NeedsAttention(_)) {
            report.state = if acted { ReportState::ActedOn } else { ReportState::NothingDone };
            report.decided_by = Some(view.member);
        }
    }
    ReportView { id, group, report, own_case, delivery }
}
