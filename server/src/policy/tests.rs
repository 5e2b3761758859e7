use super::{Action, Actor, Relation, ask};
use enishi_protocol::{
    ErrorCode, MemberId,
    membership::{Affiliation, PersonName, Role, Standing},
};
use uuid::Uuid;

fn actor(role: Role, affiliation: Affiliation, standing: Standing) -> Actor {
    let name = PersonName { family: "佐藤".into(), given: "花".into() };
    Actor { id: MemberId(Uuid::from_u128(1)), name, role, affiliation, standing, supporter: false }
}

const STRANGER: Relation = Relation::NONE;
const READER: Relation = Relation { reads: true, ..Relation::NONE };
const AUTHOR: Relation = Relation { author: true, ..READER };
const KEEPER: Relation = Relation { keeper: true, ..READER };
/// The author who can no longer read the stream.
const FORMER: Relation = Relation { author: true, ..Relation::NONE };
const ABOUT_OWNER: Relation = Relation { about: Some(Role::Owner), ..Relation::NONE };
const ABOUT_ADMIN: Relation = Relation { about: Some(Role::Admin), ..Relation::NONE };
const ABOUT_MODERATOR: Relation = Relation { about: Some(Role::Moderator), ..Relation::NONE };
const ABOUT_MEMBER: Relation = Relation { about: Some(Role::Member), ..Relation::NONE };
/// A keeper who is part of the case.
const PARTY: Relation = Relation { party: true, ..KEEPER };

/// For one action and relation: what owner, admin, moderator and member are told; `Y` for yes,
/// `n` for not allowed, `?` for not found, `o` for somebody else's to decide.
const EXPECTED: &[(Action, Relation, &str)] = &[
    (Action::WritePost, STRANGER, "nnnn"),
    (Action::WritePost, READER, "YYYY"),
    (Action::Announce, STRANGER, "nnnn"),
    (Action::Announce, READER, "YYYn"),
    (Action::Announce, KEEPER, "YYYY"),
    (Action::EditPost, STRANGER, "????"),
    (Action::EditPost, READER, "nnnn"),
    (Action::EditPost, AUTHOR, "YYYY"),
    (Action::EditPost, KEEPER, "nnnn"),
    (Action::EditPost, FORMER, "????"),
    (Action::DeletePost, STRANGER, "????"),
    (Action::DeletePost, READER, "YYYn"),
    (Action::DeletePost, AUTHOR, "YYYY"),
    (Action::DeletePost, KEEPER, "YYYY"),
    (Action::DeletePost, FORMER, "????"),
    (Action::MovePost, STRANGER, "????"),
    (Action::MovePost, READER, "YYYn"),
    (Action::MovePost, AUTHOR, "YYYY"),
    (Action::MovePost, KEEPER, "YYYn"),
    (Action::PinPost, STRANGER, "????"),
    (Action::PinPost, READER, "YYYn"),
    (Action::PinPost, AUTHOR, "YYYn"),
    (Action::PinPost, KEEPER, "YYYY"),
    (Action::WriteComment, STRANGER, "????"),
    (Action::WriteComment, READER, "YYYY"),
    (Action::EditComment, STRANGER, "????"),
    (Action::EditComment, READER, "nnnn"),
    (Action::EditComment, AUTHOR, "YYYY"),
    (Action::EditComment, KEEPER, "nnnn"),
    (Action::DeleteComment, STRANGER, "????"),
    (Action::DeleteComment, READER, "YYYn"),
    (Action::DeleteComment, AUTHOR, "YYYY"),
    (Action::DeleteComment, KEEPER, "YYYY"),
    (Action::React, STRANGER, "????"),
    (Action::React, READER, "YYYY"),
    (Action::Vote, STRANGER, "????"),
    (Action::Vote, READER, "YYYY"),
    (Action::Vote, FORMER, "????"),
    (Action::Bookmark, STRANGER, "????"),
    (Action::Bookmark, READER, "YYYY"),
    (Action::MarkRead, STRANGER, "nnnn"),
    (Action::MarkRead, READER, "YYYY"),
    (Action::SetNotifications, STRANGER, "YYYY"),
    (Action::ReadNotifications, STRANGER, "YYYY"),
    (Action::Upload, STRANGER, "YYYY"),
    (Action::SetProfile, STRANGER, "YYYY"),
    (Action::GiveConsent, STRANGER, "YYYY"),
    (Action::WithdrawConsent, STRANGER, "YYYY"),
    (Action::SetWelcome, STRANGER, "YYnn"),
    (Action::CreateGroup, STRANGER, "YYYY"),
    (Action::JoinGroup, STRANGER, "YYYY"),
    (Action::LeaveGroup, STRANGER, "????"),
    (Action::LeaveGroup, READER, "YYYY"),
    (Action::InviteToGroup, STRANGER, "????"),
    (Action::InviteToGroup, READER, "YYYY"),
    (Action::DecideGroup, STRANGER, "????"),
    (Action::DecideGroup, READER, "nnnn"),
    (Action::DecideGroup, KEEPER, "YYYY"),
    (Action::DecideJoin, STRANGER, "YYYn"),
    (Action::Invite, STRANGER, "YYYY"),
    (Action::InviteMany, STRANGER, "YYnn"),
    (Action::RevokeInvitation, STRANGER, "YYnn"),
    (Action::RevokeInvitation, FORMER, "YYYY"),
    (Action::TellInvitation, STRANGER, "nnnn"),
    (Action::TellInvitation, FORMER, "YYYY"),
    (Action::SetReferral, STRANGER, "YYYY"),
    (Action::VouchJoin, STRANGER, "YYYY"),
    (Action::SupportRecovery, STRANGER, "YYYY"),
    (Action::DeclineRecovery, STRANGER, "YYYn"),
    (Action::LeaveCommunity, STRANGER, "YYYY"),
    (Action::SetRules, STRANGER, "YYnn"),
    (Action::Report, STRANGER, "????"),
    (Action::Report, READER, "YYYY"),
    (Action::CloseReport, STRANGER, "????"),
    (Action::CloseReport, READER, "YYYn"),
    (Action::CloseReport, KEEPER, "YYYY"),
    (Action::CloseReport, PARTY, "oooo"),
    (Action::Hide, STRANGER, "????"),
    (Action::Hide, READER, "YYYn"),
    (Action::Hide, AUTHOR, "YYYn"),
    (Action::Hide, KEEPER, "YYYY"),
    (Action::Hide, PARTY, "oooo"),
    (Action::Appeal, STRANGER, "????"),
    (Action::Appeal, READER, "nnnn"),
    (Action::Appeal, AUTHOR, "YYYY"),
    (Action::DecideAppeal, STRANGER, "????"),
    (Action::DecideAppeal, READER, "YYYn"),
    (Action::DecideAppeal, KEEPER, "YYYY"),
    (Action::DecideAppeal, PARTY, "oooo"),
    (Action::PinOwnPost, STRANGER, "????"),
    (Action::PinOwnPost, AUTHOR, "YYYn"),
    (Action::PinOwnPost, KEEPER, "YYYY"),
    (Action::Suspend, STRANGER, "nnnn"),
    (Action::Suspend, ABOUT_OWNER, "nnnn"),
    (Action::Suspend, ABOUT_ADMIN, "Ynnn"),
    (Action::Suspend, ABOUT_MODERATOR, "YYnn"),
    (Action::Suspend, ABOUT_MEMBER, "YYYn"),
    (Action::Remove, STRANGER, "nnnn"),
    (Action::Remove, ABOUT_OWNER, "nnnn"),
    (Action::Remove, ABOUT_ADMIN, "Ynnn"),
    (Action::Remove, ABOUT_MODERATOR, "YYnn"),
    (Action::Remove, ABOUT_MEMBER, "YYnn"),
    (Action::SetRole, ABOUT_OWNER, "Ynnn"),
    (Action::SetRole, ABOUT_ADMIN, "Ynnn"),
    (Action::SetRole, ABOUT_MODERATOR, "YYnn"),
    (Action::SetRole, ABOUT_MEMBER, "YYnn"),
    (Action::SetSupporter, STRANGER, "YYnn"),
    (Action::Block, STRANGER, "YYYY"),
    (Action::AddToConversation, STRANGER, "????"),
    (Action::AddToConversation, READER, "YYYY"),
    (Action::TitleConversation, STRANGER, "????"),
    (Action::TitleConversation, READER, "YYYY"),
    (Action::LeaveConversation, STRANGER, "????"),
    (Action::LeaveConversation, READER, "YYYY"),
    (Action::DecideConversation, STRANGER, "????"),
    (Action::DecideConversation, READER, "YYYY"),
    (Action::MarkConversation, STRANGER, "????"),
    (Action::MarkConversation, READER, "YYYY"),
    (Action::WriteMessage, STRANGER, "????"),
    (Action::WriteMessage, READER, "YYYY"),
    (Action::EditMessage, STRANGER, "????"),
    (Action::EditMessage, READER, "nnnn"),
    (Action::EditMessage, KEEPER, "nnnn"),
    (Action::EditMessage, AUTHOR, "YYYY"),
    (Action::EditMessage, FORMER, "????"),
    (Action::DeleteMessage, STRANGER, "????"),
    (Action::DeleteMessage, READER, "nnnn"),
    (Action::DeleteMessage, KEEPER, "nnnn"),
    (Action::DeleteMessage, AUTHOR, "YYYY"),
    (Action::DeleteMessage, FORMER, "????"),
    (Action::StartConversation, STRANGER, "YYYY"),
    (Action::SetMessaging, STRANGER, "YYYY"),
];

#[test]
fn the_table_says_who_may_do_what_row_by_row() {
    for (action, relation, expected) in EXPECTED {
        for affiliation in Affiliation::ALL {
            let told = Role::ALL.iter().map(|role| {
                match ask(&actor(*role, *affiliation, Standing::Active), *action, *relation) {
                    Ok(_) => 'Y',
                    Err(ErrorCode::NotAllowed) => 'n',
                    Err(ErrorCode::NotFound) => '?',
                    Err(ErrorCode::OwnCase) => 'o',
                    Err(other) => panic!("{action:?}: {other:?}"),
                }
            });
            assert_eq!(told.collect::<String>(), **expected, "{action:?} {relation:?}");
        }
    }
}

#[test]
fn no_action_is_left_out_of_the_rows() {
    for action in Action::ALL {
        assert!(EXPECTED.iter().any(|(tested, ..)| tested == action), "{action:?}");
    }
}

#[test]
fn whoever_does_not_take_part_may_do_nothing() {
    let codes = [
        (Standing::Waiting, ErrorCode::MembershipWaiting),
        (Standing::Suspended, ErrorCode::MembershipSuspended),
        (Standing::Ended, ErrorCode::MembershipEnded),
    ];
    for (standing, code) in codes {
        for action in Action::ALL {
            for role in Role::ALL {
                let everything = Relation { author: true, ..KEEPER };
                let asked = ask(&actor(*role, Affiliation::Alumnus, standing), *action, everything);
                assert_eq!(asked.err(), Some(code), "{action:?} {role:?}");
            }
        }
    }
}

#[test]
fn a_permit_bears_the_name_of_whoever_asked() {
    let actor = actor(Role::Member, Affiliation::Alumnus, Standing::Active);
    assert_eq!(ask(&actor, Action::SetProfile, STRANGER).map(|permit| permit.member()), Ok(Some(actor.id)));
}

#[test]
fn a_supporter_pins_what_is_their_own() {
    let supporter = Actor { supporter: true, ..actor(Role::Member, Affiliation::Alumnus, Standing::Active) };
    assert!(ask(&supporter, Action::PinOwnPost, AUTHOR).is_ok());
    assert_eq!(ask(&supporter, Action::PinOwnPost, READER).err(), Some(ErrorCode::NotAllowed));
    assert_eq!(ask(&supporter, Action::PinPost, AUTHOR).err(), Some(ErrorCode::NotAllowed));
}
