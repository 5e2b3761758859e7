//! Commands about rules, reports, hiding, standings, blocks, and who can read what.

use crate::{
    App,
    messages::message_named,
    posts::{group_named, newest, one},
    show::short,
    words::{Failure, Words},
};
use clap::Subcommand;
use enishi_core::{Community, moderation::HiddenView};
use enishi_protocol::{
    MemberId, ReportId, Stream,
    membership::Role,
    moderation::{ReportedMessage, RuleText, Subject},
};
use uuid::Uuid;

/// How far back a post is looked for, and comments on it.
const LOOK_BACK: usize = 300;
const DAY_US: i64 = 24 * 3600 * 1_000_000;

#[derive(Subcommand)]
pub(crate) enum ModerationCommand {
    /// Show the rules of the community.
    Rules,
    /// Set the rules, each as `日本語|English`.
    RulesSet { rules: Vec<String> },
    /// Report a post, a comment or a member, by the end of its id.
    Report {
        subject: String,
        /// The number of the rule that it breaks.
        rule: i64,
        #[arg(long, default_value = "")]
        word: String,
        /// Of something in a group: to those who run the community, and not to the keepers.
        #[arg(long)]
        to_staff: bool,
    },
    /// Report a message, by the end of its id. Those on duty see it, and of the conversation nothing else but
    /// what you name.
    ReportMessage {
        message: String,
        /// The number of the rule that it breaks.
        rule: i64,
        #[arg(long, default_value = "")]
        word: String,
        /// A message beside it that is to be shown with it; several times if need be.
        #[arg(long)]
        with: Vec<String>,
    },
    /// Show the reports that you have made.
    Reports,
    /// Show what lies at the desks that you see.
    Desk,
    /// Close a report, with or without something done.
    Close {
        report: String,
        /// Nothing had to be done.
        #[arg(long)]
        nothing: bool,
    },
    /// Hide a post or comment.
    Hide {
        subject: String,
        /// The number of the rule that it breaks.
        rule: i64,
    },
    /// Show what was hidden again.
    Unhide { subject: String },
    /// Show what of yours was hidden.
    Hidden,
    /// Appeal against a hiding.
    Appeal {
        subject: String,
        #[arg(default_value = "")]
        word: String,
        /// Of something in a group: those who run the community shall decide.
        #[arg(long)]
        to_staff: bool,
    },
    /// Decide an appeal: show it again, or not.
    DecideAppeal {
        subject: String,
        /// It stays hidden.
        #[arg(long)]
        refuse: bool,
    },
    /// Shut a member out.
    Suspend {
        member: String,
        reason: String,
        /// For so many days; otherwise until somebody restores them.
        #[arg(long)]
        days: Option<i64>,
    },
    /// Let a suspended member take part again. MEMBER is the whole id.
    Restore { member: String },
    /// End a membership.
    Remove { member: String, reason: String },
    /// Give a member a role: owner, admin, moderator or member.
    Role { member: String, role: String },
    /// Mark a member as a supporter.
    Supporter {
        member: String,
        #[arg(long)]
        off: bool,
    },
    /// Show who can read the community's feed or a group's.
    Readers { group: Option<String> },
    /// Block a member.
    Block {
        member: String,
        #[arg(long)]
        off: bool,
    },
    /// Mute a member.
    Mute {
        member: String,
        #[arg(long)]
        off: bool,
    },
    /// Show whom you have blocked and muted.
    Blocked,
}

impl App {
    pub(crate) async fn moderate(&self, command: ModerationCommand) -> Result<(), Failure> {
        let community = self.chosen()?;
        match command {
            ModerationCommand::Rules => {
                for rule in community.rules()?.rules {
                    println!("{}. {}", rule.number, rule.text(self.words.0));
                }
            }
            ModerationCommand::Reports => {
                for shown in community.own_reports()? {
                    println!("[{}] {}  {}", short(shown.id.0), shown.report.state.as_str(), shown.report.word);
                }
            }
            ModerationCommand::Desk => desk(self.words, &community)?,
            ModerationCommand::Hidden => community.own_hidden()?.iter().for_each(|view| hidden(self.words, view)),
            ModerationCommand::Readers { group } => self.readers(&community, group)?,
            ModerationCommand::Blocked => {
                for (what, members) in [("block", community.blocked()?), ("mute", community.muted()?)] {
                    for member in members {
                        println!("{what}  {}  [{}]", member.name.unwrap_or_default(), short(member.id.0));
                    }
                }
            }
            command => {
                change(&community, command)?;
                self.catch_up(&community).await;
            }
        }
        Ok(())
    }

    fn readers(&self, community: &Community, group: Option<String>) -> Result<(), Failure> {
        let stream = match group {
            Some(group) => Stream::Group(group_named(community, &group)?),
            None => Stream::Community,
        };
        let readers = community.readers(stream)?;
        let staff = match (readers.closed_to_staff, readers.staff) {
            (true, _) => self.words.of("人事は入れません", "closed to those who run the community"),
            (false, true) => self.words.of("人事を含む", "those who run the community included"),
            (false, false) => self.words.of("人事は今はいません", "nobody who runs the community at present"),
        };
        println!("{} {} ({staff})", readers.members, self.words.of("人が読めます", "can read this"));
        Ok(())
    }
}

fn desk(words: Words, community: &Community) -> Result<(), Failure> {
    for view in community.reports()? {
        let report = view.report;
        let own = if view.own_case {
            words.of("（ほかの担当者が決めます）", " (somebody else decides)")
        } else {
            ""
        };
        println!(
            "[{}] {} {} [{}] {}. {}{own}",
            short(view.id.0),
            report.state.as_str(),
            report.subject.kind(),
            short(report.subject.id()),
            report.rule.number,
            report.author_name.full(),
        );
        if report.is_given_by_reporter() {
            println!("   {}", words.of("（通報した人が渡したもの）", "(given by whoever reported)"));
        }
        let beside = |before: bool| report.around.iter().filter(move |beside| beside.before == before);
        let show = |beside: &ReportedMessage| println!("   | {}: {}", beside.author_name.full(), beside.text);
        beside(true).for_each(show);
        println!("   {}", report.text);
        beside(false).for_each(show);
        println!("   {}", report.word);
    }
    community.desk_hidden()?.iter().for_each(|view| hidden(words, view));
    Ok(())
}

fn hidden(words: Words, view: &HiddenView) {
    let text = &view.text;
    let state = text.appeal.as_ref().map_or("", |appeal| appeal.state.as_str());
    println!(
        "[{}] {} {}: {}  {state}",
        short(text.subject.id()),
        text.subject.kind(),
        text.author_name.full(),
        text.text
    );
    if view.waits_for_another {
        let waits = words.of(
            "異議は、非表示にした人とは別の担当者が決まるまで待ちます。オーナーが指名できます。",
            "The appeal waits until there is somebody on duty beside who hid it. The owner can name somebody.",
        );
        println!("   {waits}");
    }
}

fn change(community: &Community, command: ModerationCommand) -> Result<(), Failure> {
    match command {
        ModerationCommand::RulesSet { rules } => {
            let texts = rules.iter().map(|rule| {
                let (ja, en) = rule.split_once('|').unwrap_or((rule, ""));
                RuleText { ja: ja.trim().into(), en: en.trim().into() }
            });
            community.set_rules(&texts.collect::<Vec<_>>())?;
        }
        ModerationCommand::Report { subject, rule, word, to_staff } => {
            let report = community.report(subject_named(community, &subject)?, rule, &word, to_staff)?;
            println!("[{}]", short(report.0));
        }
        ModerationCommand::ReportMessage { message, rule, word, with } => {
            let around = with.iter().map(|beside| message_named(community, beside));
            let around = around.collect::<Result<Vec<_>, _>>()?;
            let report = community.report_message(message_named(community, &message)?, &around, rule, &word)?;
            println!("[{}]", short(report.0));
        }
        ModerationCommand::Close { report, nothing } => {
            let reports = community.reports()?;
            let id = one(reports.iter().map(|view| view.id.0), &report).map(ReportId)?;
            community.close_report(id, !nothing)?;
        }
        ModerationCommand::Hide { subject, rule } => {
            community.hide(subject_named(community, &subject)?, rule)?;
        }
        ModerationCommand::Unhide { subject } => {
            community.unhide(subject_named(community, &subject)?)?;
        }
        ModerationCommand::Appeal { subject, word, to_staff } => {
            community.appeal(subject_named(community, &subject)?, &word, to_staff)?;
        }
        ModerationCommand::DecideAppeal { subject, refuse } => {
            community.decide_appeal(subject_named(community, &subject)?, !refuse)?;
        }
        other => change_member(community, other)?,
    }
    Ok(())
}

fn change_member(community: &Community, command: ModerationCommand) -> Result<(), Failure> {
    let named = |member: &str| member_named(community, member);
    match command {
        ModerationCommand::Suspend { member, reason, days } => {
            let until = days.map(|days| chrono::Utc::now().timestamp_micros() + days * DAY_US);
            community.suspend(named(&member)?, until, &reason)?;
        }
        ModerationCommand::Restore { member } => {
            community.restore(named(&member)?)?;
        }
        ModerationCommand::Remove { member, reason } => {
            community.remove(named(&member)?, &reason)?;
        }
        ModerationCommand::Role { member, role } => {
            let role = Role::named(&role).ok_or(Failure::NotFound(role))?;
            community.set_role(named(&member)?, role)?;
        }
        ModerationCommand::Supporter { member, off } => {
            community.set_supporter(named(&member)?, !off)?;
        }
        ModerationCommand::Block { member, off } => {
            community.block(named(&member)?, !off)?;
        }
        ModerationCommand::Mute { member, off } => {
            community.mute(named(&member)?, !off)?;
        }
        _ => {}
    }
    Ok(())
}

/// The member whose id ends so in the directory or among those who are blocked, or whose whole id it is.
fn member_named(community: &Community, end: &str) -> Result<MemberId, Failure> {
    if let Ok(id) = end.parse::<Uuid>() {
        return Ok(id.into());
    }
    let members = community.directory("", usize::MAX)?.into_iter().map(|member| member.id.0);
    let unseen = community.blocked()?.into_iter().chain(community.muted()?).map(|member| member.id.0);
    let mut ids: Vec<Uuid> = members.chain(unseen).collect();
    ids.sort_unstable();
    ids.dedup();
    one(ids.into_iter(), end).map(MemberId)
}

/// What the end of an id names: something reported or hidden, a post or a comment on it, or a member.
fn subject_named(community: &Community, end: &str) -> Result<Subject, Failure> {
    let mut subjects: Vec<Subject> = community.reports()?.into_iter().map(|view| view.report.subject).collect();
    let hidden = community.own_hidden()?.into_iter().chain(community.desk_hidden()?);
    subjects.extend(hidden.map(|view| view.text.subject));
    for post in newest(community, LOOK_BACK)?.posts {
        subjects.push(Subject::Post(post.id));
        let page = community.post(post.id, LOOK_BACK)?;
        subjects.extend(page.into_iter().flat_map(|page| page.comments).map(|comment| Subject::Comment(comment.id)));
    }
    let members = community.directory("", usize::MAX)?;
    subjects.extend(members.into_iter().map(|member| Subject::Member(member.id)));
    subjects.sort_unstable();
    subjects.dedup();
    let id = one(subjects.iter().map(|subject| subject.id()), end)?;
    let found = subjects.into_iter().find(|subject| subject.id() == id);
    found.ok_or_else(|| Failure::NotFound(end.to_owned()))
}
