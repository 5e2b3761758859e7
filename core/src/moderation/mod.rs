//! Moderation as a screen shows it: the rules, one's own reports, what lies at a desk, what was hidden.
//!
//! Who reported is nowhere on this phone but on the reporter's own.

pub mod commands;
mod desk;
mod hidden;
mod readers;
#[cfg(test)]
mod tests;

pub use desk::{ReportView, reports};
pub use hidden::{HiddenView, desk_hidden, own_hidden};
pub use readers::{Readers, readers};

use crate::{
    error::StoreError,
    feed::{
        Delivery,
        laid::written_us,
        stub::{self, rules as held},
    },
    store::{Store, view::View},
    sync::replica::State,
};
use enishi_protocol::{
    CommunityId, MutationId, Operation, ReportId,
    moderation::{CommunityRule, CommunityRules, OwnReport, ReportState},
};
use std::collections::BTreeMap;

/// The rules of a community.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RulesView {
    /// In order.
    pub rules: Vec<CommunityRule>,
    /// Whether the community has set them; before that, those hold that every community begins with.
    pub own: bool,
    /// How far this member's latest setting has come.
    pub delivery: Delivery,
}

/// A report that this member has made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OwnReportView {
    /// Which report.
    pub id: ReportId,
    /// What it says, and how it stands.
    pub report: OwnReport,
    /// How far it has come.
    pub delivery: Delivery,
}

/// The rules of the community, with a setting that waits laid over them.
pub fn rules(store: &Store, community: CommunityId) -> Result<RulesView, StoreError> {
    store.view(community, |view| {
        let own = view.entity::<CommunityRules>(view.commons(), "rules", view.community.0)?.is_some();
        let mut shown = RulesView { rules: held(view)?, own, delivery: Delivery::Sent };
        for entry in view.overlay.iter() {
            let Some(Operation::SetRules(setting)) = &entry.operation else { continue };
            shown.delivery = delivery(&entry.waiting.state);
            if !entry.waiting.needs_attention() {
                let numbered = (1..).zip(&setting.rules);
                shown.rules = numbered
                    .map(|(number, text)| CommunityRule { number, ja: text.ja.clone(), en: text.en.clone() })
                    .collect();
                shown.own = true;
            }
        }
        Ok(shown)
    })
}

/// The reports that this member has made, the newest first.
pub fn own_reports(store: &Store, community: CommunityId) -> Result<Vec<OwnReportView>, StoreError> {
    store.view(community, |view| {
        let sent = view.entities::<OwnReport>(view.inbox(), "own_report")?;
        let mut reports: BTreeMap<ReportId, OwnReportView> = BTreeMap::new();
        for (id, report) in sent {
            reports.insert(id.into(), OwnReportView { id: id.into(), report, delivery: Delivery::Sent });
        }
        for entry in view.overlay.iter() {
            let Some(Operation::Report(reporting)) = &entry.operation else { continue };
            let id = ReportId::from(entry.waiting.id);
            let Some(rule) = stub::rules(view)?.into_iter().find(|rule| rule.number == reporting.rule) else {
                continue;
            };
            reports.entry(id).or_insert_with(|| OwnReportView {
                id,
                report: OwnReport {
                    subject: reporting.subject,
                    rule,
                    word: reporting.word.clone(),
                    to_staff: reporting.to_staff,
                    at_us: written_us(entry.waiting.id),
                    state: ReportState::Open,
                    decided_us: None,
                },
                delivery: delivery(&entry.waiting.state),
            });
        }
        let mut reports: Vec<_> = reports.into_values().collect();
        reports.sort_by_key(|view| std::cmp::Reverse((view.report.at_us, view.id)));
        Ok(reports)
    })
}

fn delivery(state: &State) -> Delivery {
    match state {
        State::Waiting => Delivery::Pending,
        State::Accepted { .. } => Delivery::Sent,
        State::Attention(code) => Delivery::NeedsAttention(*code),
    }
}

/// The last wish about something that shows, with how far it has come.
fn latest<T>(view: &View<'_>, about: impl Fn(&Operation) -> Option<T>) -> Option<(MutationId, T, Delivery)> {
    let wishes = view.overlay.iter().filter_map(|entry| {
        let wish = about(entry.operation.as_ref()?)?;
        Some((entry.waiting.id, wish, delivery(&entry.waiting.state)))
    });
    wishes.last()
}
