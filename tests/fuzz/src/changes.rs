//! What a phone is told: each line is an answer to its next request, taken into a store and shown.
#![no_main]

use enishi_core::{
    feed::{Around, Selection, window},
    store::Store,
    sync::replica::{Replica, Step},
};
use enishi_protocol::{CommunityId, MemberId, sync::SyncReply};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Who the phone of the simulations is.
const MEMBER: u128 = 0x1000;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let replies = bytes.split(|byte| *byte == b'\n').take(8).map(serde_json::from_slice::<SyncReply>);
    let replies: Vec<_> = replies.flatten().collect();
    if replies.is_empty() {
        return Corpus::Reject;
    }
    let store = Store::in_memory().expect("a store in memory opens");
    let community = CommunityId(uuid(1));
    let mut replica = Replica::new(MemberId(uuid(MEMBER)));
    let first = Step { replica: replica.clone(), mirror: Vec::new(), flush: true };
    store.commit(community, None, &first, &[]).expect("an empty replica is stored");
    for reply in replies {
        let (step, outgoing) = replica.request(0);
        store.commit(community, Some(&replica), &step, &[]).expect("a request is noted");
        let step = step.replica.receive(&outgoing.asked, reply);
        // What cannot be stored is as if it had not come.
        if store.commit(community, Some(&replica), &step, &[]).is_ok() {
            replica = step.replica;
        }
        assert_eq!(store.load(community).expect("loads").as_ref(), Some(&replica), "what is held is what is stored");
        window(&store, community, Selection::All, Around::Newest, 50).expect("whatever came can be shown");
    }
    Corpus::Keep
});

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}
