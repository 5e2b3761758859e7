//! The words that a community's kind chooses, for pages, letters and mails. It chooses nothing else here.

use enishi_protocol::{
    Language,
    invitations::Fact,
    membership::{Affiliation, CommunityKind, Role},
};

/// A text in both languages.
type Text = (&'static str, &'static str);

fn in_language(text: Text, language: Language) -> &'static str {
    match language {
        Language::Ja => text.0,
        Language::En => text.1,
    }
}

/// What such a community is, in two sentences.
pub fn lead(kind: CommunityKind, language: Language) -> &'static str {
    in_language(
        match kind {
            CommunityKind::Company => (
                "会社を離れても、縁は続きます。ここは、退職した方と会社をつなぐ、招待された方だけのコミュニティです。",
                "Leaving a company need not end the relationship. This is a community for its alumni, open to those who are invited.",
            ),
            CommunityKind::University => (
                "卒業しても、縁は続きます。ここは、卒業した方と母校をつなぐ、招待された方だけの校友会です。",
                "Graduating need not end the relationship. This is the community of a university's alumni, open to those who are invited.",
            ),
            CommunityKind::Circle => (
                "立場や場所が変わっても、縁は続きます。ここは、招待された方だけの集まりです。",
                "Places change, ties last. This is a circle that is open to those who are invited.",
            ),
        },
        language,
    )
}

/// What whoever invites is to the community, as it stands behind their name.
pub fn inviter(kind: CommunityKind, role: Role, affiliation: Affiliation, language: Language) -> &'static str {
    in_language(
        match (kind, role, affiliation) {
            (CommunityKind::Circle, Role::Member, _) => ("（メンバー）", " (member)"),
            (CommunityKind::Circle, ..) => ("（世話役）", " (runs the circle)"),
            (CommunityKind::University, Role::Member, Affiliation::Alumnus) => ("（卒業した方）", " (alumnus)"),
            (CommunityKind::University, Role::Member, Affiliation::Employee) => ("（教職員）", " (staff)"),
            (CommunityKind::University, ..) => ("（校友会の担当者）", " (runs the community)"),
            (CommunityKind::Company, Role::Member, Affiliation::Alumnus) => ("（退職した方）", " (alumnus)"),
            (CommunityKind::Company, Role::Member, Affiliation::Employee) => ("（在職中の方）", " (employee)"),
            (CommunityKind::Company, ..) => ("（コミュニティの担当者）", " (runs the community)"),
        },
        language,
    )
}

/// What people call those who decide who comes in.
pub fn desk(kind: CommunityKind, language: Language) -> &'static str {
    in_language(
        match kind {
            CommunityKind::Company => ("担当者", "those who run the community"),
            CommunityKind::University => ("校友会の担当者", "those who run the community"),
            CommunityKind::Circle => ("世話役", "those who run the circle"),
        },
        language,
    )
}

/// Whose records a fact is compared with.
pub fn record(kind: CommunityKind, language: Language) -> &'static str {
    in_language(
        match kind {
            CommunityKind::Company => ("会社の記録", "the company's record"),
            CommunityKind::University => ("大学の記録", "the university's record"),
            CommunityKind::Circle => ("名簿", "the circle's list"),
        },
        language,
    )
}

/// What a fact is called.
pub fn fact(kind: CommunityKind, fact: Fact, language: Language) -> &'static str {
    in_language(
        match (fact, kind) {
            (Fact::BirthDate, _) => ("生年月日", "Date of birth"),
            (Fact::EmployeeNumber, CommunityKind::Company) => ("社員番号", "Employee number"),
            (Fact::EmployeeNumber, CommunityKind::University) => ("学籍番号", "Student number"),
            (Fact::EmployeeNumber, CommunityKind::Circle) => ("会員番号", "Member number"),
        },
        language,
    )
}

/// What a profile's department, and the years of coming and leaving, are called.
pub fn past(kind: CommunityKind, language: Language) -> [&'static str; 3] {
    let past: [Text; 3] = match kind {
        CommunityKind::Company => {
            [("最後の所属", "Last department"), ("入社した年", "Year you joined"), ("退職した年", "Year you left")]
        }
        CommunityKind::University => {
            [("学部・研究科", "Faculty"), ("入学した年", "Year you entered"), ("卒業した年", "Year you graduated")]
        }
        CommunityKind::Circle => {
            [("所属", "Affiliation"), ("加わった年", "Year you joined"), ("離れた年", "Year you left")]
        }
    };
    past.map(|text| in_language(text, language))
}
