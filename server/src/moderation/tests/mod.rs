//! Who may moderate what, who is told, and what nobody is told.

mod blocks;
mod hiding;
mod messages;
mod reports;
mod standings;

use crate::sync::tests::world::{Phone, World};
use enishi_protocol::{
    Entity, EntityKind, GroupId, MemberId, Operation, PostId, ReportId, Stream,
    feed::CommentWriting,
    groups::{GroupCreation, GroupJoining, Joining},
    membership::Role,
    moderation::{
        AppealDecision, Appealing, HiddenText, Hiding, OwnReport, Report, ReportClosing, Reporting, RoleSetting,
        Subject, Unhiding,
    },
};
use uuid::Uuid;

async fn synced(world: &World, member: MemberId) -> Phone {
    let mut phone = Phone::new(member);
    phone.sync(world).await;
    phone
}

async fn entity(world: &World, member: MemberId, stream: Stream, kind: EntityKind, id: Uuid) -> Option<Entity> {
    synced(world, member).await.entity(stream, &kind, id)
}

async fn own_report(world: &World, member: MemberId, id: ReportId) -> OwnReport {
    match entity(world, member, Stream::Member(member), EntityKind::OwnReport, id.0).await {
        Some(Entity::OwnReport(report)) => report,
        other => panic!("{other:?}"),
    }
}

async fn report_at(world: &World, member: MemberId, desk: Stream, id: ReportId) -> Option<Report> {
    match entity(world, member, desk, EntityKind::Report, id.0).await {
        Some(Entity::Report(report)) => Some(report),
        None => None,
        other => panic!("{other:?}"),
    }
}

async fn hidden_text(world: &World, member: MemberId, stream: Stream, subject: Subject) -> Option<HiddenText> {
    match entity(world, member, stream, EntityKind::HiddenText, subject.id()).await {
        Some(Entity::HiddenText(text)) => Some(text),
        None => None,
        other => panic!("{other:?}"),
    }
}

fn reporting(subject: Subject) -> Operation {
    Operation::Report(Reporting {
        around: Vec::new(), subject, rule: 1, word: "困っています".into(), to_staff: false
    })
}

fn to_staff(subject: Subject) -> Operation {
    Operation::Report(Reporting {
        around: Vec::new(), subject, rule: 1, word: "困っています".into(), to_staff: true
    })
}

fn closing(report: ReportId, acted: bool) -> Operation {
    Operation::CloseReport(ReportClosing { report, acted })
}

fn hiding(subject: Subject) -> Operation {
    Operation::Hide(Hiding { subject, rule: 2 })
}

fn unhiding(subject: Subject) -> Operation {
    Operation::Unhide(Unhiding { subject })
}

fn appealing(subject: Subject) -> Operation {
    Operation::Appeal(Appealing { subject, word: "誤解です".into(), to_staff: false })
}

fn deciding(subject: Subject, restore: bool) -> Operation {
    Operation::DecideAppeal(AppealDecision { subject, restore })
}

fn role(member: MemberId, role: Role) -> Operation {
    Operation::SetRole(RoleSetting { member, role })
}

fn comment(post: PostId, text: &str) -> Operation {
    Operation::WriteComment(CommentWriting {
        post,
        reply_to: None,
        text: text.into(),
        mentions: vec![],
        attachments: vec![],
    })
}

fn group(closed_to_staff: bool) -> Operation {
    let (name, description, joining) = ("同期の会".into(), String::new(), Joining::Open);
    Operation::CreateGroup(GroupCreation { name, description, joining, secret: false, closed_to_staff })
}

fn join(group: GroupId) -> Operation {
    Operation::JoinGroup(GroupJoining { group, note: String::new() })
}
