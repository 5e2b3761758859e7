//! The pages on which one joins, step by step.

use super::{
    Visit,
    cookie::Secret,
    words::{self, Words},
};
use crate::{
    error::Result,
    http::web::{self, Frame, Notice},
    kinds,
};
use askama::Template;
use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use enishi_protocol::{
    AttemptId, ErrorCode, Language,
    invitations::Fact,
    membership::{Membership, Role, Standing},
};
use uuid::Uuid;

/// A page with a form.
#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    frame: Frame,
    step: &'static str,
    heading: String,
    problem: Option<String>,
    lead: Vec<String>,
    here: String,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    optional: &'static str,
    button: &'static str,
    links: Vec<(&'static str, String)>,
}

impl FormPage {
    fn wrong(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.error.is_some())
    }
}

/// One field of a form.
#[derive(Default)]
pub(super) struct Field {
    pub(super) name: &'static str,
    label: String,
    hint: String,
    kind: &'static str,
    /// Further attributes; never anything that came from outside.
    more: &'static str,
    pub(super) value: String,
    required: bool,
    pub(super) error: Option<String>,
    focus: bool,
    purposes: Option<Purposes>,
}

/// What is told above the consent.
struct Purposes {
    heading: &'static str,
    lines: Vec<String>,
}

impl Field {
    fn attributes(&self) -> String {
        let mut text = self.more.to_owned();
        let described = [("hint", !self.hint.is_empty()), ("error", self.error.is_some())];
        let by: Vec<String> =
            described.iter().filter(|(_, is)| *is).map(|(what, _)| format!("{}-{what}", self.name)).collect();
        for (is, attribute) in
            [(self.required, " required"), (self.error.is_some(), " aria-invalid=\"true\""), (self.focus, " autofocus")]
        {
            text.push_str(if is { attribute } else { "" });
        }
        if !by.is_empty() {
            text.extend([" aria-describedby=\"", &by.join(" "), "\""]);
        }
        text
    }
}

/// A form with what is told about it.
struct Told {
    step: &'static str,
    heading: String,
    lead: Vec<String>,
    here: String,
    button: &'static str,
    problem: Option<String>,
    links: Vec<(&'static str, String)>,
}

/// Sends a form, sealed for the browser that asked.
fn form(
    visit: &Visit,
    secret: &Secret,
    (status, step): (StatusCode, &str),
    told: Told,
    mut hidden: Vec<(&'static str, String)>,
    mut fields: Vec<Field>,
) -> Result<Response<Body>> {
    let words = visit.words();
    hidden.push(("seal", secret.seal(&visit.code, step)));
    let first = fields.iter().position(|field| field.error.is_some());
    let problem = told.problem.or_else(|| first.map(|_| words.wrong.to_owned()));
    if let Some(field) = first.and_then(|first| fields.get_mut(first)) {
        field.focus = true;
    }
    let title = match &problem {
        Some(problem) => format!("{problem}｜{}", words.title),
        None => words.title.to_owned(),
    };
    let page = FormPage {
        frame: Frame::new(visit.language, title),
        step: told.step,
        heading: told.heading,
        problem,
        lead: told.lead,
        here: told.here,
        hidden,
        fields,
        optional: words.optional,
        button: told.button,
        links: told.links,
    };
    kept(visit, secret, web::send(&page, status, visit.language))
}

fn kept(visit: &Visit, secret: &Secret, response: Result<Response<Body>>) -> Result<Response<Body>> {
    let mut response = response?;
    if let Some(cookie) = secret.keep(&visit.app) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The first step: where the code is to be sent.
pub(super) fn address(
    visit: &Visit,
    secret: &Secret,
    typed: &str,
    problem: Option<(StatusCode, String)>,
    in_field: bool,
) -> Result<Response<Body>> {
    let words = visit.words();
    let (status, problem) = problem.map_or((StatusCode::OK, None), |(status, problem)| (status, Some(problem)));
    let nonce = Uuid::from_bytes(crate::secrets::random(&*visit.app.surroundings));
    let (error, problem) = if in_field { (problem, None) } else { (None, problem) };
    let field = Field {
        name: "address",
        label: words.address.into(),
        hint: words.address_hint.into(),
        kind: "email",
        more: " inputmode=\"email\" autocomplete=\"email\" autocapitalize=\"none\" spellcheck=\"false\"",
        value: typed.to_owned(),
        required: true,
        error,
        ..Field::default()
    };
    let told = Told {
        step: words.step_one,
        heading: heading(visit),
        lead: Vec::new(),
        here: visit.path(None),
        button: words.address_button,
        problem,
        links: vec![(words.back, visit.invitation())],
    };
    form(visit, secret, (status, "address"), told, vec![("nonce", nonce.to_string())], vec![field])
}

fn heading(visit: &Visit) -> String {
    let community = &visit.preview.community;
    match visit.language {
        Language::Ja => format!("「{community}」に参加します"),
        Language::En => format!("Joining {community}"),
    }
}

/// The second step: the code from the mail.
pub(super) fn code(
    visit: &Visit,
    secret: &Secret,
    attempt: AttemptId,
    address: &str,
    (typed, error): (&str, Option<String>),
) -> Result<Response<Body>> {
    let words = visit.words();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let field = Field {
        name: "digits",
        label: words.code.into(),
        hint: words.code_hint.into(),
        kind: "text",
        more: " inputmode=\"numeric\" autocomplete=\"one-time-code\" maxlength=\"16\"",
        value: typed.to_owned(),
        required: true,
        error,
        ..Field::default()
    };
    let sender = visit.app.post.sender();
    let sent = match visit.language {
        Language::Ja => format!("{address} に、{sender} から6桁の数字を送りました。"),
        Language::En => format!("Six digits were sent to {address} from {sender}."),
    };
    let told = Told {
        step: words.step_two,
        heading: words.code_heading.into(),
        lead: vec![sent, words.code_missing.into()],
        here: visit.path(Some(attempt)),
        button: words.code_button,
        problem: None,
        links: vec![(words.code_other, visit.path(None))],
    };
    form(visit, secret, (status, "code"), told, vec![("step", "code".into())], vec![field])
}

/// The third step: who one is. The fields, empty.
pub(super) fn profile_fields(visit: &Visit) -> Vec<Field> {
    let words = visit.words();
    let kind = visit.preview.kind;
    let [department, joined, left] = kinds::past(kind, visit.language);
    let text = |name, label: &str, more| Field { name, label: label.into(), kind: "text", more, ..Field::default() };
    let year = |name, label: &str| Field {
        hint: words.year_hint.into(),
        ..text(name, label, " inputmode=\"numeric\" maxlength=\"8\"")
    };
    let mut fields = vec![
        Field { required: true, ..text("family", words.family, " autocomplete=\"family-name\"") },
        text("given", words.given, " autocomplete=\"given-name\""),
        text("department", department, " autocomplete=\"off\""),
        year("joined_year", joined),
        year("left_year", left),
    ];
    if let Some(fact) = visit.preview.fact {
        fields.push(Field {
            hint: fact_hint(visit, words, fact),
            ..text("fact", kinds::fact(kind, fact, visit.language), " autocomplete=\"off\" spellcheck=\"false\"")
        });
    }
    fields.push(Field {
        name: "note",
        label: words.note.into(),
        hint: note_hint(visit),
        kind: "textarea",
        purposes: Some(Purposes { heading: words.purposes, lines: purposes(visit, words) }),
        ..Field::default()
    });
    fields.push(Field {
        name: "consent",
        label: words.consent.into(),
        kind: "checkbox",
        required: true,
        ..Field::default()
    });
    // Who runs the community knows whom it invited.
    if visit.preview.inviter_role == Role::Member {
        fields.extend(agreements(visit, words));
    }
    fields
}

/// Who may be told who brought whom.
fn agreements(visit: &Visit, words: &Words) -> [Field; 2] {
    let desk = desk(visit);
    let to_company = match visit.language {
        Language::Ja => format!("どなたの招待で来たかを、{desk}に知らせてもよい"),
        Language::En => format!("I agree that {desk} are told who invited me"),
    };
    let tick = |name, label, hint: &str| Field { name, label, hint: hint.into(), kind: "checkbox", ..Field::default() };
    [tick("to_inviter", words.to_inviter.into(), ""), tick("to_company", to_company, words.to_company_hint)]
}

fn fact_hint(visit: &Visit, words: &Words, fact: Fact) -> String {
    let (record, desk) = (kinds::record(visit.preview.kind, visit.language), desk(visit));
    let like = if fact == Fact::BirthDate { words.birth_hint } else { "" };
    match visit.language {
        Language::Ja => {
            format!(
                "{record}と合えば、すぐに参加できます。わからないときは空けておけます。そのときは{desk}が確認します。{like}"
            )
        }
        Language::En => {
            format!("If it matches {record}, you are in at once. If you leave it empty, {desk} will look at it. {like}")
        }
    }
}

fn note_hint(visit: &Visit) -> String {
    let desk = desk(visit);
    match visit.language {
        Language::Ja => format!("{desk}が確認するときに読みます。"),
        Language::En => format!("It is read by {desk}, should they have to confirm who you are."),
    }
}

fn desk(visit: &Visit) -> &'static str {
    kinds::desk(visit.preview.kind, visit.language)
}

fn purposes(visit: &Visit, words: &Words) -> Vec<String> {
    let mut lines = vec![words.purpose_profile.to_owned(), words.purpose_address.to_owned()];
    if let Some(fact) = visit.preview.fact {
        let fact = kinds::fact(visit.preview.kind, fact, visit.language);
        let record = kinds::record(visit.preview.kind, visit.language);
        lines.push(match visit.language {
            Language::Ja => format!("{fact}は、{record}と照らし合わせるためだけに使います。"),
            Language::En => format!("{fact}: only to compare it with {record}."),
        });
    }
    let desk = desk(visit);
    lines.push(match visit.language {
        Language::Ja => format!("確認が要るときは、{desk}が、お名前・ひとこと・招待した方のお名前を見ます。"),
        Language::En => {
            format!("Where somebody has to confirm who you are, {desk} see your name, your word, and who invited you.")
        }
    });
    lines
}

/// The third step, with what was typed and what is wrong with it.
pub(super) fn profile(
    visit: &Visit,
    secret: &Secret,
    attempt: AttemptId,
    fields: Vec<Field>,
    problem: Option<(StatusCode, String)>,
) -> Result<Response<Body>> {
    let words = visit.words();
    let wrong = fields.iter().any(|field| field.error.is_some());
    let fine = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (status, problem) = problem.map_or((fine, None), |(status, problem)| (status, Some(problem)));
    let told = Told {
        step: words.step_three,
        heading: words.profile_heading.into(),
        lead: vec![words.profile_lead.into()],
        here: visit.path(Some(attempt)),
        button: words.profile_button,
        links: if problem.is_some() { vec![(words.other_address, visit.path(None))] } else { Vec::new() },
        problem,
    };
    form(visit, secret, (status, "profile"), told, vec![("step", "profile".into())], fields)
}

/// What became of it.
pub(super) fn done(visit: &Visit, membership: &Membership) -> Result<Response<Body>> {
    let words = visit.words();
    let (heading, lines, facts) = match membership.standing {
        Standing::Active => (
            words.joined_heading,
            vec![words.joined.to_owned(), words.joined_server.to_owned()],
            vec![(words.server, visit.app.host())],
        ),
        Standing::Waiting => (words.waiting_heading, vec![waiting(visit), words.waiting_after.to_owned()], Vec::new()),
        Standing::Suspended => {
            let message = ErrorCode::MembershipSuspended.message(visit.language);
            (words.waiting_heading, vec![message.to_owned()], Vec::new())
        }
        Standing::Ended => (words.refused_heading, vec![words.refused.to_owned()], Vec::new()),
    };
    let lines = [vec![of_community(visit)], lines].concat();
    let notice = Notice { facts, ..Notice::new(visit.language, words.title, heading, lines) };
    web::send(&notice, StatusCode::OK, visit.language)
}

fn of_community(visit: &Visit) -> String {
    let community = &visit.preview.community;
    match visit.language {
        Language::Ja => format!("「{community}」への参加についてです。"),
        Language::En => format!("This is about joining {community}."),
    }
}

fn waiting(visit: &Visit) -> String {
    let desk = desk(visit);
    match visit.language {
        Language::Ja => format!("{desk}が確認します。"),
        Language::En => format!("It is now up to {desk}."),
    }
}

/// The attempt is over, or another browser's.
pub(super) fn over(visit: &Visit) -> Result<Response<Body>> {
    let words = words::of(visit.language);
    let mut notice = Notice::new(visit.language, words.title, words.over_heading, vec![words.over.to_owned()]);
    notice.links = vec![(words.again, visit.path(None))];
    web::send(&notice, StatusCode::GONE, visit.language)
}
