use super::{Action, Actor, Relation, ask};
use enishi_protocol::{
    ErrorCode, MemberId,
    membership::{Affiliation, PersonName, Role, Standing},
};
use uuid::Uuid;

fn actor(role: Role, affiliation: Affiliation, standing: Standing) -> Actor {
    let name = PersonName { family: "佐藤".into(), given: "花".into() };
    Actor { id: MemberId(Uuid::from_u128(1)), name, role, affiliation, standing }
}

const STRANGER: Relation = Relation::NONE;
const READER: Relation = Relation { reads: true, author: false, keeper: false };
const AUTHOR: Relation = Relation { reads: true, author: true, keeper: false };
const KEEPER: Relation = Relation { reads: true, author: false, keeper: true };
/// The author who can no longer read the stream.
const FORMER: Relation = Relation { reads: false, author: true, keeper: false };

/// For one action and relation: what owner, admin, moderator and member are told; `Y` for yes,
/// `n` for not allowed, `?` for not found.
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
    (Action::SupportRecovery, STRANGER, "YYYY"),
    (Action::DeclineRecovery, STRANGER, "YYYn"),
    (Action::LeaveCommunity, STRANGER, "YYYY"),
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
                let everything = Relation { reads: true, author: true, keeper: true };
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
