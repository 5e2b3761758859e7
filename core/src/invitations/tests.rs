use super::{NewInvitation, create, own_invitations, revoke};
use crate::{
    error::StoreError,
    feed::Delivery,
    testing::{Phone, id},
};
use enishi_protocol::{Entity, ErrorCode, InvitationId, MutationId, Operation, invitations::OwnInvitation};
use sha2::{Digest, Sha256};

#[test]
fn an_invitation_made_offline_has_a_link_at_once_and_tells_the_server_only_its_hash() {
    let mut phone = Phone::new();
    let made = MutationId(phone.new_id());
    let new = NewInvitation { note: "佐藤さんへ".into(), ..NewInvitation::default() };
    let (wish, code) = create(&phone.store, phone.community, made.into(), [7; 16], &new).expect("allowed");
    let Operation::CreateInvitation(creation) = &wish.operation else { panic!("not an invitation") };
    assert_eq!(creation.code_hash, data_encoding::HEXLOWER.encode(&Sha256::digest(code.as_bytes())));
    assert!(!serde_json::to_string(&wish.operation).expect("writes").contains(&code));
    phone.write_as(made, wish);
    let shown = &own_invitations(&phone.store, phone.community).expect("reads")[0];
    assert_eq!((shown.code.as_deref(), shown.delivery), (Some(code.as_str()), Delivery::Pending));
    let inbox = phone.inbox();
    let held = OwnInvitation {
        note: "佐藤さんへ".into(),
        uses: 1,
        used: 1,
        expires_us: 9,
        revoked: false,
        joined: Vec::new(),
        to_company: false,
    };
    phone.put(inbox, 5, made.0, &Entity::OwnInvitation(held), Some(made));
    phone.forget(made);
    let shown = &own_invitations(&phone.store, phone.community).expect("reads")[0];
    assert_eq!((shown.code.as_deref(), shown.used, shown.delivery), (Some(code.as_str()), 1, Delivery::Sent));
}

#[test]
fn an_invitation_is_taken_back_even_while_it_waits() {
    let mut phone = Phone::new();
    let made = MutationId(phone.new_id());
    let (wish, _) =
        create(&phone.store, phone.community, made.into(), [7; 16], &NewInvitation::default()).expect("allowed");
    phone.write_as(made, wish);
    let wish = revoke(&phone.store, phone.community, made.into()).expect("allowed");
    assert_eq!(wish.parent, Some(made));
    phone.write(wish);
    assert!(own_invitations(&phone.store, phone.community).expect("reads")[0].revoked);
    let unknown = revoke(&phone.store, phone.community, InvitationId(id(3)));
    assert!(matches!(unknown, Err(StoreError::Refused(ErrorCode::NotFound))));
}
